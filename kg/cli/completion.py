"""`kg completion`: the script that lets a shell complete commands, options, questions and parameters."""

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    \b
    kg completion bash >> ~/.bashrc
    kg completion zsh  >> ~/.zshrc
    kg completion fish > ~/.config/fish/completions/kg.fish
    """
    script = get_completion_class(shell)
    assert script is not None
    click.echo(script(context.find_root().command, {}, "kg", "_KG_COMPLETE").source())
