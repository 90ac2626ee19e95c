from django.urls import path
from django.views.generic import TemplateView

from shop import views

urlpatterns = [
    path("", TemplateView.as_view(template_name="index.html")),
    path("api/fruit", views.fruit),
]
