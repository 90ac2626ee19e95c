import { mergeApplicationConfig } from '@angular/core';
import { type BootstrapContext, bootstrapApplication } from '@angular/platform-browser';
import { provideServerRendering, RenderMode, withRoutes } from '@angular/ssr';
import { App, browser } from './app/app';

const routes = withRoutes([{ path: '**', renderMode: RenderMode.Server }]);
const server = mergeApplicationConfig(browser, { providers: [provideServerRendering(routes)] });

export default (context: BootstrapContext) => bootstrapApplication(App, server, context);
