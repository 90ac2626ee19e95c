import { height } from '../lib/height.mjs';

// Rendered for each visitor.
export const dynamic = 'force-dynamic';

export default function Page() {
  return (
    <main>
      <h1>Hello from Next</h1>
      <img src="/wave.svg" alt="" />
      <p>High water is {height(0)} metres.</p>
    </main>
  );
}
