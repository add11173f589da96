// The files endpoints of the stand-in, called by the official SDK.
import { describe, expect, test } from '@jest/globals';
import { recording, useStandInFixture } from './standin-fixture.mts';

const fixture = useStandInFixture();
const purpose = 'audio' as 'ocr';

describe('files through the SDK', () => {
	test('a file can be uploaded, listed, read, downloaded byte for byte and deleted', async () => {
		const { files } = fixture.client;
		const content = await recording('question.ogg');
		const made = await files.upload({ file: { fileName: 'q.ogg', content }, purpose });
		expect(made).toMatchObject({ filename: 'q.ogg', purpose: 'audio', sizeBytes: content.length });
		await files.upload({
			file: { fileName: 'other.txt', content: Buffer.from('x') },
			purpose: 'ocr',
		});
		const { data, total } = await files.list({ purpose });
		expect(data.map(({ id }) => id)).toEqual([made.id]);
		expect(total).toBe(1);
		expect(await files.retrieve({ fileId: made.id })).toMatchObject({
			id: made.id,
			mimetype: 'audio/ogg',
		});
		const back = await files.download({ fileId: made.id });
		expect(Buffer.from(await new Response(back as ReadableStream).arrayBuffer())).toEqual(content);
		expect(await files.delete({ fileId: made.id })).toMatchObject({ deleted: true });
		await expect(files.retrieve({ fileId: made.id })).rejects.toMatchObject({ statusCode: 404 });
	});

	test('a signed URL needs no API key but its signature', async () => {
		const content = await recording('question.ogg');
		const { id } = await fixture.client.files.upload({
			file: { fileName: 'q.ogg', content },
			purpose,
		});
		const { url } = await fixture.client.files.getSignedUrl({ fileId: id });
		const response = await fetch(url);
		expect(Buffer.from(await response.arrayBuffer())).toEqual(content);
		expect((await fetch(url.replace(/signature=.*/, 'signature=no'))).status).toBe(403);
	});
});
