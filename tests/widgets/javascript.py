"""Run a module of the widgets' arithmetic in V8, without a browser."""

import json

from py_mini_racer import MiniRacer

from convlib.widgets._bundle import bundle


class Javascript:
    """The functions that a module of ``convlib/widgets`` exports, for instance ``math/network``.

    Numbers, lists and dicts go in and out as JSON.
    """

    def __init__(self, module):
        self._variable = "$" + module.replace("/", "_")
        self._engine = MiniRacer()
        script, _, _ = bundle(module).rpartition("export default ")
        self._engine.eval(script)

    def __getattr__(self, name):
        return lambda *arguments: self.evaluate(f"{name}(...given)", *arguments)

    def each(self, name, calls):
        """Call a function once for each list of arguments."""
        return self.evaluate(f"given[0].map((each) => {name}(...each))", calls)

    def evaluate(self, expression, *given):
        """Evaluate an expression in which the module's functions and ``given`` are known."""
        text = json.dumps(json.dumps(given))
        result = self._engine.eval(
            f"(() => {{ const given = JSON.parse({text});"
            f" const {{ {self._names()} }} = {self._variable};"
            f" return JSON.stringify({expression}) ?? 'null'; }})()"
        )
        return json.loads(str(result))

    def _names(self):
        return self._engine.eval(f"Object.keys({self._variable}).join(', ')")
