"""What is wrong with a command is said in one sentence, with exit code 2, before anything is written."""

import numpy as np
import pytest
from command_line import biokv


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["run", "autoasociative"], "there is no protocol 'autoasociative'; did you mean autoassociative?"),
        (["run", "autoassociative", "--memory", "elephant"], "no memory 'elephant'; known are spiking, bam, hopfield"),
        (["run", "autoassociative", "--third-factor", "chance"], "there is no third factor 'chance'"),
        (["run", "autoassociative", "--engine", "gpu"], "there is no engine 'gpu'; known are auto, compiled, numpy"),
        (["run", "autoassociative", "--n-pairs", "5.5"], "--n-pairs must be a whole number; got '5.5'"),
        (["run", "autoassociative", "--n-pairs", "-5"], "n_pairs must be a whole number above 0; got -5"),
        (["run", "autoassociative", "--n-pairs"], "--n-pairs needs a value"),
        (["run", "autoassociative", "--n-pairs", "5", "--n-pairs", "6"], "--n-pairs was given twice"),
        (
            ["run", "autoassociative", "--birds", "5"],
            "has no option --birds; it has --n-pairs, --key-dim, --corruption",
        ),
        (["run", "autoassociative", "5"], "'5' does not belong to an option"),
        (["run", "autoassociative", "--corruption", "nan"], "corruption must lie in [0, 1]; got nan"),
        (["run", "autoassociative", "--third-factor", "random", "--p", "4"], "Did you mean p=4/N?"),
        (["run", "autoassociative", "--trials", "0"], "trials must be a whole number above 0; got 0"),
        (["run", "autoassociative", "--patterns", "no-such.csv"], "cannot read patterns from no-such.csv"),
        (["compare", "autoassociative", "--trials", "1"], "a comparison needs at least 2 trials; got 1"),
        (["compare", "autoassociative", "--margin", "0"], "margin must lie between 0 and 1, a difference"),
        (
            ["raster", "autoassociative", "--n-pairs", "2,3"],
            "a raster shows one trial; give every option a single value",
        ),
        (["raster", "autoassociative", "--n-pairs", "1001"], "a raster of 2002 presentations takes too much memory"),
        (["raster", "continual", "--n-steps", "2001"], "at most 2000 do (a smaller --n-steps)"),
        (["look", "autoassociative", "--n-pairs", "2,3"], "a look is into one trial; give every option a single value"),
        (
            ["look", "continual", "--n-steps", "1500"],
            "a look into 1500 presentations takes too much memory and time; at most 400 do (a smaller --n-steps)",
        ),
        (["run", "autoassociative", "--out", "/proc/nowhere"], "cannot write to the output folder /proc/nowhere"),
        (["run", "autoassociative", "--resume", "--out", "no-such-run"], "there is no run to resume in no-such-run"),
    ],
)
def test_bad_input_gets_one_sentence_and_exit_code_2(words, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = biokv(*words)
    assert result.exit_code == 2, result.output
    lines = [line for line in result.stderr.splitlines() if line]
    assert len(lines) == 1
    assert lines[0].startswith("biokv: ")
    assert sentence in lines[0]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["run", "autoassociative", "--trials", "abc"], "'--trials': must be a whole number; got 'abc'"),
        (["figure", "2a", "--seed", "1.5"], "'--seed': must be a whole number; got '1.5'"),
        (["compare", "autoassociative", "--margin", "wide"], "'--margin': must be a number; got 'wide'"),
        (["elephant"], "No such command 'elephant'"),
        (["figure", "2a", "--birds", "3"], "No such option: --birds"),
        (["figure", "--trials", "3"], "Missing argument 'FIGURE'; "),
        (["run", "autoassociative", "--p", "4"], "p is the probability of random third factors; it does nothing for"),
        (["run", "continual", "--memory", "tvt", "--decay", "0.9"], "decay is an option of bam and hopfield; it does"),
        (["run", "flashbulb", "--memory", "bam", "--stability-threshold", "9"], "stability_threshold is an option of"),
        (["run", "flashbulb", "--key-stability-threshold", "9"], "beside the stability_threshold of V, which is missi"),
        (["run", "autoassociative", "--n-slots", "-3"], "n_slots must be a whole number above 0; got -3"),
        (["run", "autoassociative", "--memory", "hopfield", "--n-slots", "9"], "n_slots is an option of spiking"),
        (["run", "sequence", "--n-patterns", "1"], "n_patterns must be a whole number of 2 or more; got 1"),
        (["run", "sequence", "--memory", "hopfield"], "what feedback brings as a key to something else; for"),
        (["run", "heteroassociative", "--value-dim", "40", "--memory", "tvt"], "use KeyValueMemory or BAM"),
        (["run", "continual", "--delay", "10,60", "--n-steps", "60"], "delay is 60 steps but the episode has only 60"),
        (["run", "flashbulb", "--n-flashbulb", "5000"], "n_flashbulb is 5000 but at most 750"),
        (["run", "correlated", "--correlation", "0.2,1.2"], "correlation must lie in [0, 1]; got 1.2"),
        (["run", "autoassociative", "--set", "release_failure"], "--set takes NAME=VALUE, such as release_failure=0.3"),
        (["compare", "autoassociative", "--set", "tau_driv=3ms"], "no parameter 'tau_driv'; did you mean tau_drive?"),
        (["compare", "autoassociative", "--set", "tau_drive=3"], "takes a number with a unit of time, such as tau_dri"),
        (["compare", "autoassociative", "--set", "tau_drive=3Hz"], "takes a number with a unit of time, such as tau_"),
        (["compare", "autoassociative", "--set", "theta=3ms"], "theta takes a plain number, such as theta=2.5; got '"),
        (["compare", "autoassociative", "--set", "dead_share=2"], "dead_share is a share and at most 1; got 2.0"),
        (["compare", "autoassociative", "--set", "weight_levels=1"], "weight_levels must be 2 or more, or 0 for weig"),
        (["compare", "autoassociative", "--set", "presentation_time=10.2ms"], "presentation_time must be a multiple "),
        (["compare", "autoassociative", "--set", "theta=1", "--set", "theta=2"], "--set theta was given twice"),
        (["run", "autoassociative", "--set", "dead_share=.1"], "dead_share is a parameter of the spiking memory; it "),
        (["robustness", "autoassociative", "--knob", "age"], "there is no knob 'age'; known are input_irregularity, "),
        (["robustness", "autoassociative", "--values", "0.1"], "--values takes at least two, comma-separated, or a"),
        (["run", "autoassociative", "--n-pairs", "100000000", "--key-dim", "100000"], "more memory than there is, so"),
    ],
)  # fmt: skip
def test_bad_words_and_options_that_do_nothing_get_one_sentence_too(words, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = biokv(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("biokv: ")
    assert sentence in line
    assert not list(tmp_path.iterdir()), "nothing is written before"


def test_a_pattern_file_with_a_wrong_entry_says_which(tmp_path):
    np.savetxt(tmp_path / "own.csv", [[1, -1, 1], [1, 0, 1]], delimiter=",")
    result = biokv("run", "autoassociative", "--patterns", tmp_path / "own.csv", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "own.csv holds numbers from -1 to 1; row 2, column 2 is 0, but autoassociative takes +1 and" in result.stderr


def test_a_missing_compiler_is_said_with_the_cure(monkeypatch, tmp_path):
    monkeypatch.setenv("CXX", "no-such-compiler")
    result = biokv("run", "autoassociative", "--memory", "spiking", "--engine", "compiled", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "$CXX names the compiler 'no-such-compiler', which was not found; unset CXX" in result.stderr
    monkeypatch.delenv("CXX")
    monkeypatch.setenv("PATH", str(tmp_path))
    result = biokv("run", "autoassociative", "--memory", "spiking", "--engine", "compiled", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "there is no C++ compiler; install them (Debian, Ubuntu: apt install g++ make" in result.stderr


def test_what_is_refused_leaves_no_folder_behind(tmp_path, monkeypatch):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(0o777)
    monkeypatch.setenv("BIOKV_CACHE", str(tmp_path / "cache"))
    out = tmp_path / "out"
    words = ["run", "autoassociative", "--memory", "spiking", "--n-pairs", "2", "--out", out]
    for engine in ("auto", "compiled"):
        result = biokv(*words, "--engine", engine)
        assert result.exit_code == 2
        assert "others may write to the cache folder" in result.stderr
        assert not out.exists()
    assert biokv("run", "autoassociative", "--workers", "0", "--out", out).exit_code == 2
    assert not out.exists()


def test_debug_shows_where_an_error_came_from():
    result = biokv("run", "autoassociative", "--n-pairs", "-5", "--debug")
    assert isinstance(result.exception, ValueError)


@pytest.mark.parametrize("words", [[], ["run"], ["figure"]])
def test_without_any_words_there_is_the_help(words):
    result = biokv(*words)
    assert result.exit_code in (0, 2)
    assert "Usage: " in result.output


def refusal(*words) -> str:
    """The one line of a command that is refused."""
    result = biokv(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("biokv: ")
    return line


def test_a_word_that_nobody_reads_is_shown_by_its_beginning():
    for words in (["run", "x" * 5000], ["x" * 5000], ["run", "autoassociative", "--trials", "x" * 5000]):
        line = refusal(*words)
        assert "x" * 50 in line
        assert len(line) < 500
    assert "\x1b" not in refusal("run", "autoassociative", "--engine", "\x1b[31mred\nand blue")


@pytest.mark.parametrize("out", ["", "y" * 300])
@pytest.mark.parametrize("command", ["run", "look", "learn"])
def test_a_folder_that_cannot_be_is_refused_before_anything(command, out, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # an empty one would be this folder
    assert "'--out': must name a folder for results; got " in refusal(command, "autoassociative", "--out", out)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ("def own(rng, n_pairs=2):\n    return 1 / 0\n", "ZeroDivisionError: division by zero"),
        ("def own(rng, n_pairs=2):\n    assert False\n", "AssertionError"),
        ("def own(rng, n_pairs: 'elephant' = 2): ...\n", "NameError: name 'elephant' is not defined"),
        ("import sys\nsys.exit(3)\n", "SystemExit: 3"),
    ],
)
def test_what_code_of_ones_own_raises_is_said_with_its_name(text, raised, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.py").write_text(text)
    for command in ("run", "raster"):
        line = refusal(command, "own.py")
        assert "own" in line.removesuffix(raised)
        assert raised in line


def test_a_run_that_cannot_be_resumed_is_left_as_it_is(tmp_path):
    out = tmp_path / "out"
    words = ["run", "autoassociative", "--n-pairs", "2", "--key-dim", "6", "--trials", "2", "--out", out]
    assert biokv(*words).exit_code == 0
    (part,) = (str(path.relative_to(out)) for path in out.glob("parts/*/*"))
    whole = {name: (out / name).read_text() for name in (part, "run.json")}
    short = '{"plan": {"protocol": "autoassociative"}}'
    for name, text in [(part, "a,b\n1,2\n"), (part, ""), (part, whole[part][:-9]),
                       ("run.json", "3"), ("run.json", "[" * 5000), ("run.json", short)]:  # fmt: skip
        (out / name).write_text(text)
        before = sorted(path.name for path in out.iterdir())
        said = refusal("run", "autoassociative", "--out", out, "--resume")
        assert ("cannot be resumed" if name == "run.json" else f"{out / part} is damaged") in said
        assert sorted(path.name for path in out.iterdir()) == before, "no lock stays"
        assert (out / name).read_text() == text
        (out / name).write_text(whole[name])
    assert biokv("run", "autoassociative", "--out", out, "--resume").exit_code == 0
