// Checks of configuration files: the GitHub workflows, the issue forms, the queue mode Compose file.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const filesIn = (folder: string): string[] =>
	readdirSync(join(root, folder)).map((file) => `${folder}/${file}`);

interface Job {
	permissions?: Record<string, string>;
	'timeout-minutes'?: number;
	steps: { uses?: string; run?: string; with?: Record<string, unknown> }[];
	strategy?: { matrix: Record<string, unknown[]> };
}
interface Workflow {
	permissions?: Record<string, string>;
	jobs: Record<string, Job>;
}

const workflows = filesIn('.github/workflows').map(
	(file) => [file, parse(read(file)) as Workflow] as const,
);

test('there are workflows for checks and for publishing', () => {
	expect(workflows.map(([file]) => file)).toEqual(
		expect.arrayContaining(['.github/workflows/ci.yml', '.github/workflows/publish.yml']),
	);
});

describe.each(workflows)('%s', (file, { permissions, jobs }) => {
	test('every action is pinned to a full commit hash with its version in a comment', () => {
		const uses = Object.values(jobs).flatMap(({ steps }) =>
			steps.flatMap((step) => step.uses ?? []),
		);
		expect(uses.length).toBeGreaterThan(0);
		for (const action of uses) expect(action).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/);
		for (const line of read(file).match(/^.*\buses: .*$/gm) ?? [])
			expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
	});

	test('permissions are read only, apart from the one that publishing needs', () => {
		expect(permissions).toEqual({ contents: 'read' });
		for (const [name, job] of Object.entries(jobs)) {
			const expected = name === 'publish' ? { contents: 'read', 'id-token': 'write' } : undefined;
			expect({ name, permissions: job.permissions }).toEqual({ name, permissions: expected });
			expect(job['timeout-minutes']).toBeLessThanOrEqual(90);
		}
	});

	test('no credentials are persisted in the checkout, and no untrusted text is put into a command', () => {
		for (const { steps } of Object.values(jobs))
			for (const { uses, run, with: given } of steps) {
				if (uses?.startsWith('actions/checkout@'))
					expect(given).toMatchObject({ 'persist-credentials': false });
				expect(run ?? '').not.toMatch(/\$\{\{(?! *matrix\.)/);
			}
	});
});

test('the checks run every tier, and the source tiers on all three Node.js versions', async () => {
	const { jobs } = parse(read('.github/workflows/ci.yml')) as Workflow;
	const { default: jest } = (await import(join(root, 'jest.config.mjs'))) as {
		default: { projects: { displayName: string }[] };
	};
	const commands = Object.values(jobs).flatMap(({ steps, strategy }) =>
		steps.flatMap(({ run = '' }) =>
			(strategy?.matrix.tier ?? ['']).map((tier) =>
				run.replace('${{ matrix.tier }}', String(tier)),
			),
		),
	);
	const runs = commands.filter((command) => command.includes('test/run.mjs')).join(' ');
	for (const { displayName } of jest.projects) expect(runs.split(/\s+/)).toContain(displayName);
	expect(jobs.package?.strategy?.matrix.node).toEqual([20, 22, 24]);
});

test.each(filesIn('.github/ISSUE_TEMPLATE'))('%s is a valid GitHub issue form', (file) => {
	const form = parse(read(file)) as {
		name?: string;
		description?: string;
		body?: { type: string; id?: string; attributes: { label?: string } }[];
	};
	if (file.endsWith('config.yml')) return expect(form).toHaveProperty('contact_links');
	expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) });
	const fields = (form.body ?? []).filter(({ type }) => type !== 'markdown');
	expect(fields.length).toBeGreaterThan(1);
	expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
	for (const { attributes } of fields) expect(attributes.label).toMatch(/\w/);
	return undefined;
});

describe('docker-compose.queue.yml', () => {
	interface Service {
		image: string;
		command?: string | string[];
		ports?: string[];
		environment?: Record<string, string>;
		volumes?: string[];
		depends_on?: Record<string, { condition: string }>;
		deploy?: { replicas: number };
		healthcheck?: object;
	}
	const file = 'docker-compose.queue.yml';
	const { services, volumes } = parse(read(file), { merge: true }) as {
		services: Record<string, Service>;
		volumes: Record<string, unknown>;
	};
	const n8n = ['main', 'webhook', 'worker'];

	test('the Compose file has every service of queue mode and nothing else', () => {
		expect(Object.keys(services).sort()).toEqual(
			['main', 'package', 'postgres', 'redis', 'webhook', 'worker'].sort(),
		);
		expect(services.worker?.deploy?.replicas).toBeGreaterThanOrEqual(2);
		expect(services.worker?.command).toMatch(/^worker\b/);
		expect(services.webhook?.command).toBe('webhook');
		expect(services.main?.command).toBeUndefined();
	});

	test('every image has a version, and n8n the tested one', () => {
		const { dependencies } = JSON.parse(read('harness/n8n/package.json')) as {
			dependencies: { n8n: string };
		};
		for (const { image } of Object.values(services)) expect(image).toMatch(/:\d+\.?\d*/);
		for (const name of [...n8n, 'package'])
			expect(services[name]?.image).toMatch(new RegExp(`/n8n:${dependencies.n8n}$`));
	});

	test.each(n8n)(
		'%s shares secrets, database, queue, binary data and nodes with the other n8n services',
		(name) => {
			const { environment, volumes: mounts, depends_on: waits } = services[name] ?? {};
			expect(environment).toEqual(services.main?.environment);
			expect(environment).toMatchObject({
				EXECUTIONS_MODE: 'queue',
				DB_TYPE: 'postgresdb',
				N8N_DEFAULT_BINARY_DATA_MODE: 'database',
				N8N_ENCRYPTION_KEY: expect.stringMatching(/^\$\{N8N_ENCRYPTION_KEY:\?/),
			});
			expect(mounts).toContain('nodes:/home/node/.n8n/nodes');
			expect(waits?.package?.condition).toBe('service_completed_successfully');
			for (const store of ['redis', 'postgres'])
				expect(waits?.[store]?.condition).toBe('service_healthy');
		},
	);

	test('the databases publish no port and have health checks', () => {
		for (const name of ['redis', 'postgres']) {
			expect(services[name]?.ports).toBeUndefined();
			expect(services[name]?.healthcheck).toBeDefined();
		}
	});

	test('every mounted volume is declared and every declared one is used', () => {
		const mounted = Object.values(services).flatMap((service) =>
			(service.volumes ?? []).map((mount) => mount.split(':')[0]),
		);
		expect([...new Set(mounted)].sort()).toEqual(Object.keys(volumes).sort());
	});

	const hasCompose = ((): boolean => {
		try {
			execFileSync('docker', ['compose', 'version'], { stdio: 'ignore' });
			return true;
		} catch {
			return false;
		}
	})();
	const readable = 'Docker itself can read it';
	const body = (): void => {
		const env = { ...process.env, N8N_ENCRYPTION_KEY: 'x', POSTGRES_PASSWORD: 'x' };
		execFileSync('docker', ['compose', '-f', file, 'config', '--quiet'], { cwd: root, env });
	};
	if (hasCompose) test(readable, body);
	else test.skip(`SKIPPED: ${readable}, because there is no "docker compose" here`, body);
});
