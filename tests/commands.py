"""Run `tolk` within the test's own process."""

from click.testing import CliRunner, Result

from api.cli import main


def tolk(*words: str, stdin: str | bytes | None = None, status: int | None = 0) -> Result:
    """Run a command that ends with this exit status, any but 0 where none is given; nothing may end in a traceback."""
    result = CliRunner().invoke(main, words, input=stdin, prog_name="tolk")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    assert result.exit_code == status if status is not None else result.exit_code != 0, result.output
    return result
