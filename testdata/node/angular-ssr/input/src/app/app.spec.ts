import { TestBed } from '@angular/core/testing';
import { App } from './app';

it('shows the cone', async () => {
  const fixture = TestBed.createComponent(App);
  await fixture.whenStable();
  expect(fixture.nativeElement.textContent).toContain('cone 6');
});
