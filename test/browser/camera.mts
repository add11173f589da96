// Pictures of n8n's editor, without what floats above what is to be seen.
import { byTestId, type Editor } from './editor.mts';

export const hidingFloats = `${[
	'.el-notification',
	'[class*=notification]',
	'[class*=suggestedAction]',
	'body > .el-popper',
	'[data-reka-popper-content-wrapper]',
	'[class*=executionDetails]',
	`:has(> ${byTestId('radio-button-workflow')})`,
	...[
		'canvas-controls',
		'canvas-minimap',
		'execute-workflow-button',
		'node-creator-plus-button',
		'command-bar-button',
		'add-sticky-button',
		'toggle-focus-panel-button',
		'instance-ai-canvas-action-button',
		'suggested-action-item',
	].map(byTestId),
].join(', ')} { visibility: hidden !important; }`;

const hidingPanelFloats =
	'[class*=floatingNode], [class*=floatingNodes], [class*=dragButton] { visibility: hidden !important; }';

const hidingNotes = `${byTestId('sticky')} { visibility: hidden !important; }`;

/** What is on the canvas, all of it and nothing that n8n floats above it; without notes only the steps. */
export const pictureOfCanvas = async (editor: Editor, { notes = true } = {}): Promise<Buffer> => {
	await editor.get('canvas-node').first().waitFor();
	const canvas = editor.get('canvas-wrapper');
	const hiding = notes ? hidingFloats : hidingFloats + hidingNotes;
	const style = await editor.page.addStyleTag({ content: hiding });
	// Away from everything, so that nothing is marked as chosen.
	await canvas.click({ position: { x: 20, y: 80 } });
	// The whole of it, as the button does that is hidden by now.
	await editor.page.keyboard.press('1');
	await editor.page.waitForTimeout(600);
	const steps = editor.page.locator(
		notes ? '.vue-flow__node' : `.vue-flow__node:not(:has(${byTestId('sticky')}))`,
	);
	// Where a step has nothing behind it, n8n draws a plus, which moves while the workflow runs.
	const boxes = await (notes ? steps.or(editor.get('canvas-handle-plus')) : steps).evaluateAll(
		(elements) =>
			elements
				.map((element) => element.getBoundingClientRect().toJSON() as DOMRect)
				.filter((box) => box.width > 0),
	);
	const whole = await canvas.boundingBox();
	if (!whole) throw new Error('The canvas is not to be seen');
	const margin = 48;
	const x = Math.max(whole.x, Math.min(...boxes.map(({ left }) => left)) - margin);
	const y = Math.max(whole.y, Math.min(...boxes.map(({ top }) => top)) - margin);
	const right = Math.max(...boxes.map((box) => box.right)) + (notes ? margin : 2 * margin);
	const bottom = Math.max(...boxes.map((box) => box.bottom)) + margin;
	const width = Math.min(right, whole.x + whole.width) - x;
	const height = Math.min(bottom, whole.y + whole.height) - y;
	const picture = await editor.page.screenshot({ clip: { x, y, width, height } });
	await style.evaluate((element) => (element as Element).remove());
	return picture;
};

/** Of the open node: its parameters and its output, so far down. */
export const pictureOfPanel = async (editor: Editor, height: number): Promise<Buffer> => {
	const style = await editor.page.addStyleTag({ content: hidingPanelFloats });
	await editor.page.waitForTimeout(500);
	const parameters = await editor.get('node-parameters').boundingBox();
	const output = await editor.get('output-panel').boundingBox();
	if (!parameters || !output) throw new Error('The node is not open');
	const { x } = parameters;
	const edge = 2;
	const width = output.x + output.width - x - edge;
	const picture = await editor.page.screenshot({ clip: { x, y: output.y, width, height } });
	await style.evaluate((element) => (element as Element).remove());
	return picture;
};
