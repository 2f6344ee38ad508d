"""Help, completion and suggestions at the command line."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import biokv
from typer.main import get_command
from typer.testing import CliRunner

from bioKV.commands.cli import app
from bioKV.commands.help import arguments_said
from bioKV.commands.protocol_options import parse_options
from bioKV.studies.tasks import protocol_names, protocol_options

COMMANDS = get_command(app).commands


def examples(name):
    """The commands that the help of a command shows."""
    lines = biokv(name, "--help").output.splitlines()
    shown = lines[[line.strip() for line in lines].index("Examples:") + 1 :]
    return [line.strip() for line in shown[: [line.strip() for line in shown].index("")]]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_examples_that_it_understands(name):
    shown = examples(name)
    assert any(line.startswith(f"biokv {name}") for line in shown)
    for line in shown:
        program, command, *words = shlex.split(line)
        context = COMMANDS[command].make_context(command, words)
        assert program == "biokv"
        if context.args:
            parse_options(context.params["protocol"], context.args, settings=context.params.get("set", ()))


@pytest.mark.parametrize("protocol", protocol_names())
def test_help_after_a_protocol_lists_its_options_and_what_they_mean(protocol):
    text = biokv("run", protocol, "--help").output
    for option in protocol_options(protocol):
        assert f"--{option.replace('_', '-')} " in text
    assert "--n-slots" in text


def test_every_option_of_a_memory_says_what_it_is_and_whose():
    _, _, listed = biokv("run", "autoassociative", "--help").output.partition("Options of memories:\n")
    options = re.findall(r"--(\S+) [A-Z|a-z]+\s+((?:(?!--).)*)", listed, re.DOTALL)
    assert {"n-slots", "p", "regime", "decay"} <= {name for name, _ in options}
    for name, text in options:
        assert re.match(r"\w[^()]+\.\s+\((\w+,?\s*)+\)", text), (name, text)


def test_help_without_a_protocol_lists_them_and_before_it_serves_too():
    text = biokv("compare", "--help").output
    assert all(name in text for name in protocol_names())
    assert "--delay" in biokv("raster", "--seed", 3, "--help", "flashbulb").output
    assert "10:100:10" in biokv("run", "--help").output, "and no picture of a hundred points"


def test_a_protocol_alone_can_be_asked_for_its_help():
    assert biokv("flashbulb", "--help").output == biokv("run", "flashbulb", "--help").output
    assert biokv("flashbulbs", "--help").exit_code == 2


def test_help_shows_what_the_docstring_of_ones_own_protocol_says(tmp_path):
    own = tmp_path / "mine.py"
    own.write_text('''
def mine(rng, n_pairs: int = 3):
    """One's own.

    Parameters
    ----------
    n_pairs : int
        Patterns to be
        stored.

    Returns
    -------
    Episode
        None of them.
    """
''')
    assert re.search(r"--n-pairs INTEGER +Patterns to be stored. \[default: 3\]", biokv("run", own, "--help").output)


def test_arguments_without_a_section_have_nothing_said():
    assert arguments_said(lambda: None) == {}


@pytest.mark.parametrize(("words", "meant"), [
    (["run", "autoasociative"], "autoassociative"),
    (["run", "autoassociative", "--trails", "5"], "--trials"),
    (["run", "autoassociative", "--n-pair", "5"], "--n-pairs"),
    (["run", "autoassociative", "--memory", "spking"], "spiking"),
    (["run", "autoassociative", "--third-factor", "randm"], "random"),
    (["run", "autoassociative", "--memory", "spiking", "--mechanism", "short_term_depresion"], "short_term_depression"),
    (["compare", "autoassociative", "--set", "relase_failure=0.3"], "release_failure"),
    (["robustness", "autoassociative", "--knob", "hiden_noise"], "hidden_noise"),
    (["figure", "boundd"], "bounded"),
    (["figure", "4a", "--memory", "hopfeld"], "hopfield"),
    (["runn"], "run"),
])  # fmt: skip
def test_a_slip_of_the_finger_is_answered_with_what_was_meant(words, meant):
    result = biokv(*words)
    assert result.exit_code == 2
    assert re.search(rf"[Dd]id you mean '?{re.escape(meant)}'?\?", result.stderr), result.stderr


@pytest.mark.parametrize(("typed", "completed"), [
    ("biokv comp", {"compare"}),
    ("biokv run hetero", {"heteroassociative"}),
    ("biokv run flashbulb --stre", {"--strength"}),
    ("biokv run autoassociative --memory sp", {"spiking"}),
    ("biokv run autoassociative --set release", {"release_failure="}),
    ("biokv figure bou", {"bounded"}),
    ("biokv raster continual --style da", {"dark"}),
    ("biokv run autoassociative --regime ir", {"irregular"}),
    ("biokv run autoassociative --n-pairs 4 --regime regular,", {"regular,irregular"}),
    ("biokv raster autoassociative --populations hidden,o", {"hidden,output"}),
    ("biokv raster autoassociative --populations in", {"input", "interneuron"}),
    ("biokv raster autoassociative --order w", {"written"}),
    ("biokv run autoassociative --record hidden,de", {"hidden,dendrite"}),
    ("biokv run autoassociative --format png,p", {"png,pdf"}),
    ("biokv run autoassociative --n-pairs 2,4 --key-dim 8 --n-slots 10:40:10 --hue n", {"n-pairs", "n-slots"}),
    ("biokv export runs/kept --to nw", {"nwb"}),
    ("biokv run autoassociative --cluster sl", {"slurm"}),
    ("biokv learn autoassociative --third-factor ra", {"random"}),
])  # fmt: skip
def test_a_shell_completes_names(typed, completed):
    told = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1), "_BIOKV_COMPLETE": "complete_bash"}
    asked = CliRunner().invoke(app, [], env=told, prog_name="biokv")
    assert completed == set(asked.stdout.split())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_installed_command_has_completion_for(shell):
    told = {"bash": {"COMP_WORDS": "biokv run hetero", "COMP_CWORD": "2"},
            "zsh": {"_TYPER_COMPLETE_ARGS": "biokv run hetero"},
            "fish": {"_TYPER_COMPLETE_ARGS": "biokv run hetero", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}}[shell]
    asked = subprocess.run(
        [Path(sys.executable).with_name("biokv")], env={**os.environ, "_BIOKV_COMPLETE": f"complete_{shell}", **told},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "heteroassociative" in asked.stdout
