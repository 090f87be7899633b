import asyncio


async def main():
    raise RuntimeError('async')


asyncio.run(main())
