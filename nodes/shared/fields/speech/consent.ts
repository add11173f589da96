// The consent switch, required before a person's voice is cloned.
import type { INodeProperties } from 'n8n-workflow';
import { Failure } from '../../errors/failure';

export const consentField: INodeProperties = {
	displayName: 'Consent of the Speaker',
	name: 'consent',
	type: 'boolean',
	default: false,
	description:
		'Whether the person in the recording has agreed that their voice is imitated. Nothing is sent without it.',
};

/** @throws Failure `no-consent` unless the switch is on */
export function assertConsent(consent: unknown, operation: string): void {
	if (consent === true) return;
	throw new Failure({
		stage: `${operation}.no-consent`,
		message: 'Consent of the Speaker is switched off',
		hint: 'Imitating a voice needs the agreement of the person it belongs to. Once you have it, switch on Consent of the Speaker.',
	});
}
