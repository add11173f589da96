// Routes a path to its endpoint. Anything before the first /v1/ or /v2/ is a base path prefix.
import { agentRoutes } from './agents.mts';
import { chatRoutes } from './chat.mts';
import { conversationRoutes } from './conversations.mts';
import type { Route } from './exchange.mts';
import { fileRoutes } from './files.mts';
import { modelRoutes } from './models.mts';
import { speechRoutes } from './speech.mts';
import { transcriptionRoutes } from './transcriptions.mts';
import { voiceRoutes } from './voices.mts';

const routes: Route[] = [
	...modelRoutes,
	...transcriptionRoutes,
	...speechRoutes,
	...voiceRoutes,
	...conversationRoutes,
	...agentRoutes,
	...chatRoutes,
	...fileRoutes,
];

export function splitPrefix(path: string): { prefix: string; route: string } {
	const found = /^((?:\/[^/]+)*?)(\/v[12]\/.*)$/.exec(path);
	return found ? { prefix: found[1] ?? '', route: found[2] ?? '' } : { prefix: '', route: path };
}

export type Match =
	| { kind: 'found'; route: Route; params: Record<string, string> }
	| { kind: 'wrong-method' }
	| { kind: 'unknown' };

export function findRoute(method: string, path: string): Match {
	const segments = path.split('/');
	let pathKnown = false;
	for (const route of routes) {
		const params = matchSegments(route.path.split('/'), segments);
		if (!params) continue;
		if (route.method === method) return { kind: 'found', route, params };
		pathKnown = true;
	}
	return { kind: pathKnown ? 'wrong-method' : 'unknown' };
}

function matchSegments(pattern: string[], segments: string[]): Record<string, string> | undefined {
	if (pattern.length !== segments.length) return undefined;
	const params: Record<string, string> = {};
	for (const [index, part] of pattern.entries()) {
		const segment = segments[index] ?? '';
		if (part.startsWith(':')) {
			if (segment === '') return undefined;
			try {
				params[part.slice(1)] = decodeURIComponent(segment);
			} catch {
				return undefined;
			}
		} else if (part !== segment) return undefined;
	}
	return params;
}
