import asyncio, sys


async def main():
    p = await asyncio.create_subprocess_exec(sys.executable, '-c', 'print(42)', stdout=asyncio.subprocess.PIPE)
    out, _ = await p.communicate()
    print(out.split(), p.returncode)


asyncio.run(main())
