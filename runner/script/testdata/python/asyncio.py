import asyncio


async def work(n):
    await asyncio.sleep(0.01 * n)
    print(n)
    return n


async def main():
    print(await asyncio.gather(work(2), work(1), work(3)))


asyncio.run(main())
