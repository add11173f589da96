// A minimal server of the Model Context Protocol (streamable HTTP, revision 2025-03-26) with one tool.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Call {
	id?: number;
	method: string;
	params?: { protocolVersion?: string; arguments?: { city?: string } };
}

const tools = [
	{
		name: 'weather',
		description: 'The weather of a city',
		inputSchema: {
			type: 'object',
			properties: { city: { type: 'string', description: 'Where' } },
			required: ['city'],
		},
	},
];

const answers: Record<string, (call: Call) => object> = {
	initialize: ({ params }) => ({
		protocolVersion: params?.protocolVersion,
		capabilities: { tools: {} },
		serverInfo: { name: 'weather', version: '1' },
	}),
	'tools/list': () => ({ tools }),
	'tools/call': ({ params }) => ({
		content: [{ type: 'text', text: `Rain in ${params?.arguments?.city}` }],
	}),
};

export async function startMcpServer(): Promise<{ url: string; close(): Promise<void> }> {
	const respond = async (request: IncomingMessage, response: ServerResponse) => {
		const pieces: Buffer[] = [];
		for await (const piece of request) pieces.push(piece as Buffer);
		if (request.method !== 'POST') return response.writeHead(405).end();
		const call = JSON.parse(Buffer.concat(pieces).toString()) as Call;
		const answer = answers[call.method];
		if (call.id === undefined || !answer) return response.writeHead(202).end();
		const body = JSON.stringify({ jsonrpc: '2.0', id: call.id, result: answer(call) });
		return response.writeHead(200, { 'content-type': 'application/json' }).end(body);
	};
	const server = createServer((request, response) => {
		respond(request, response).catch((thrown: unknown) => {
			response.destroy(thrown instanceof Error ? thrown : undefined);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
		close: async () => {
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}
