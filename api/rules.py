"""Addresses that are ready at once: building them is compiled at their first use. It knows none of them."""

from collections.abc import Callable

from werkzeug.routing import Rule


class LateRule(Rule):
    """A rule that learns to build its address when it is first asked to.

    werkzeug compiles two functions for each rule beforehand. With hundreds of rules that is most of what an
    application takes to be put together, and few of them are ever asked.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_now, compiled = super()._compile_builder, None

        def build(rule: Rule, /, **values: object) -> tuple[str, str]:
            nonlocal compiled
            compiled = compiled or compile_now(append_unknown)
            return compiled(rule, **values)

        return build
