"""`rgms completion`: what makes the Tab key know the commands."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

VARIABLE = "_RGMS_COMPLETE"
"""By this variable the shell's script asks `rgms` for the words that fit."""


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
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
    script = get_completion_class(shell)
    click.echo(script(ctx.find_root().command, {}, "rgms", VARIABLE).source())
