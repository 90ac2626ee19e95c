def echo(word: str, times: int = 2) -> str:
    return ", ".join([word] * times)
