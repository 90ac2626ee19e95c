from django.shortcuts import render

FRUIT = ["apple", "pear", "quince"]


def index(request):
    return render(request, "shop/index.html", {"fruit": FRUIT})
