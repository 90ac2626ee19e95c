from django.http import JsonResponse


def fruit(request):
    return JsonResponse({"fruit": ["apple", "quince"]})
