from jinja2 import Template

LETTER = Template("Dear {{ name }}, your order is on its way.")


def main() -> None:
    for name in ["Ada", "Grace"]:
        print(LETTER.render(name=name))


if __name__ == "__main__":
    main()
