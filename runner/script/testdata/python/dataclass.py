from dataclasses import dataclass, asdict


@dataclass
class P:
    x: int = 1


print(P(2), asdict(P()))
