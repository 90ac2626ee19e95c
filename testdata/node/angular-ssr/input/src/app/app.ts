import { type ApplicationConfig, Component } from '@angular/core';
import { provideClientHydration } from '@angular/platform-browser';
import { cone } from './cone';

@Component({
  selector: 'app-root',
  template: `<h1>Hello from Angular</h1><p>1222 °C is cone {{ cone(1222) }}</p>`,
})
export class App {
  protected readonly cone = cone;
}

export const browser: ApplicationConfig = { providers: [provideClientHydration()] };
