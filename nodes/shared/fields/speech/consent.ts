// The switch that stands before every use of somebody's voice as a model.
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

/** @throws Failure unless the switch is on */
export function assertConsent(consent: unknown, operation: string): void {
	if (consent === true) return;
	throw new Failure({
		stage: `${operation}.no-consent`,
		message: 'Consent of the Speaker is switched off',
		hint: 'Imitating a voice needs the agreement of the person it belongs to. Once you have it, switch on Consent of the Speaker.',
	});
}
