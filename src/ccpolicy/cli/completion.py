"""`ccpolicy completion`: the script that makes a shell complete our commands and options."""

from __future__ import annotations

import click

from ccpolicy.cli.messages import put

SHELLS = ("bash", "fish", "zsh")
_VARIABLE = "_CCPOLICY_COMPLETE"

EPILOG = """\b
Examples:
  ccpolicy completion bash > ~/.local/share/bash-completion/completions/ccpolicy
  ccpolicy completion zsh > "${fpath[1]}/_ccpolicy"
  ccpolicy completion fish > ~/.config/fish/completions/ccpolicy.fish
"""


@click.command(epilog=EPILOG)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that makes SHELL complete commands, options and files."""
    from click.shell_completion import ShellComplete, get_completion_class  # lazy: no other command needs it

    made = get_completion_class(shell)
    if made is not None:
        root = context.find_root()
        put(ShellComplete.source(made(root.command, {}, "ccpolicy", _VARIABLE)).strip() + "\n")  # bash is not asked for its version
