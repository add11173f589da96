// Remembers what was said, by the hash of the bytes, so that it is understood when it comes back.
import { createHash } from 'node:crypto';

const rememberedClips = 4000;

export class SpokenMemory {
	readonly #texts = new Map<string, string>();

	remember(bytes: Uint8Array, text: string): void {
		this.#texts.set(createHash('sha256').update(bytes).digest('hex'), text);
		const [oldest] = this.#texts.keys();
		if (this.#texts.size > rememberedClips && oldest) this.#texts.delete(oldest);
	}

	textOf(sha256: string): string | undefined {
		return this.#texts.get(sha256);
	}
}
