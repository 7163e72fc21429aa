"""Refusals: what Salur will not do, said in one sentence with the next step."""


class Refused(Exception):
    """An action was refused. Its message is one sentence for people: what is wrong and what to do next.

    Subclasses are named after their reason; entrypoints map them to an exit code or a status code.
    The sentence never holds personal data, because it may end in a log.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    @property
    def code(self) -> str:
        """The reason as a machine reads it: the name of the class."""
        return type(self).__name__
