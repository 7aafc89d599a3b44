"""`rgms completion`: what makes the Tab key know the commands."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

SHELLS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
VARIABLE = "_RGMS_COMPLETE"
"""By this variable the shell's script asks `rgms` for the words that fit."""


@click.command()
@click.argument("shell", type=click.Choice(list(SHELLS)))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands and options; it asks `rgms`, which has to be on the PATH.

    \b
    Examples:
      ln -s "$PWD/rgms" ~/.local/bin/rgms
      echo 'eval "$(rgms completion bash)"' >> ~/.bashrc
      echo 'eval "$(rgms completion zsh)"' >> ~/.zshrc
      rgms completion fish > ~/.config/fish/completions/rgms.fish
    """
    click.echo(SHELLS[shell](ctx.find_root().command, {}, "rgms", VARIABLE).source())
