import { bootstrapApplication } from '@angular/platform-browser';
import { App, browser } from './app/app';

bootstrapApplication(App, browser).catch(err => console.error(err));
