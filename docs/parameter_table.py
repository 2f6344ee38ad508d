"""Print the spiking memory's parameters as a Markdown table, from the source that defines them."""

from pathlib import Path


def main() -> None:
    source = (Path(__file__).parents[1] / "bioKV" / "network" / "parameters.py").read_text()
    body = source.partition("# fmt: off\n")[2].partition("# fmt: on")[0]
    print("| parameter | default | meaning |\n|---|---|---|")
    for line in body.strip().splitlines():
        code, _, meaning = line.strip().partition("#")
        if not code and not meaning:
            continue
        if not code:
            print(f"| **{meaning.strip()}** | | |")
            continue
        name, _, rest = code.partition(":")
        print(f"| `{name}` | {rest.partition('=')[2].strip().replace(' * ', ' ')} | {meaning.strip()} |")


if __name__ == "__main__":
    main()
