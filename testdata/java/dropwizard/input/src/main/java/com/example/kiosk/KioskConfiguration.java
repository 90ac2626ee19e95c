package com.example.kiosk;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Configuration;
import jakarta.validation.constraints.NotEmpty;

public class KioskConfiguration extends Configuration {

    @NotEmpty
    private String headline = "";

    @JsonProperty
    public String getHeadline() {
        return headline;
    }

    @JsonProperty
    public void setHeadline(String headline) {
        this.headline = headline;
    }
}
