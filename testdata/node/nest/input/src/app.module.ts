import { Controller, Get, Module } from '@nestjs/common';
import { minutes } from './crossing';

@Controller()
export class AppController {
  @Get()
  crossing(): string {
    return `Hello from Nest: the crossing takes ${minutes(12, 18)} minutes`;
  }
}

@Module({ controllers: [AppController] })
export class AppModule {}
