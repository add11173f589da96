// The MPEG layer III frame header: four bytes with version, bitrate, sample rate and channels.
// Source: ISO/IEC 11172-3 and 13818-3; MPEG 2.5 is the customary extension for low sample rates.

export type MpegVersion = 1 | 2 | 2.5;

export interface Mp3FrameHeader {
	version: MpegVersion;
	sampleRate: number;
	bitrateKbps: number;
	channels: 1 | 2;
	hasCrc: boolean;
	/** Decoded samples per channel. */
	samples: 576 | 1152;
	/** Whole length, header included. */
	frameBytes: number;
	/** Length of the side information that follows the header (and its CRC, if there is one). */
	sideInfoBytes: number;
}

export const MP3_HEADER_BYTES = 4;

const BITRATES_MPEG1 = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const BITRATES_MPEG2 = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const SAMPLE_RATES_MPEG1 = [44_100, 48_000, 32_000];
const VERSIONS: ReadonlyArray<MpegVersion | undefined> = [2.5, undefined, 2, 1];

export function mp3Bitrates(version: MpegVersion): readonly number[] {
	return version === 1 ? BITRATES_MPEG1 : BITRATES_MPEG2;
}

export function mp3FrameBytes(
	version: MpegVersion,
	bitrateKbps: number,
	sampleRate: number,
): number {
	return Math.floor(((version === 1 ? 144 : 72) * bitrateKbps * 1000) / sampleRate);
}

/** Reads the header at `offset`; undefined when there is no valid layer III header. */
export function readMp3FrameHeader(bytes: Uint8Array, offset: number): Mp3FrameHeader | undefined {
	// Runs for every byte of a damaged file, so it rejects before any other work.
	const second = bytes[offset + 1] ?? 0;
	if (bytes[offset] !== 0xff || second < 0xe0 || offset + MP3_HEADER_BYTES > bytes.length) return;
	const third = bytes[offset + 2] ?? 0;
	const fourth = bytes[offset + 3] ?? 0;
	const version = VERSIONS[(second >> 3) & 3];
	const isLayer3 = ((second >> 1) & 3) === 1;
	const emphasisIsReserved = (fourth & 3) === 2;
	if (version === undefined || !isLayer3 || emphasisIsReserved) return;
	const bitrateKbps = mp3Bitrates(version)[(third >> 4) - 1];
	const fullRate = SAMPLE_RATES_MPEG1[(third >> 2) & 3];
	if (bitrateKbps === undefined || fullRate === undefined) return;
	const sampleRate = version === 1 ? fullRate : fullRate / (version === 2 ? 2 : 4);
	const channels = fourth >> 6 === 3 ? 1 : 2;
	const wideSideInfo = channels === 2 ? 32 : 17;
	const narrowSideInfo = channels === 2 ? 17 : 9;
	return {
		version,
		sampleRate,
		bitrateKbps,
		channels,
		hasCrc: (second & 1) === 0,
		samples: version === 1 ? 1152 : 576,
		frameBytes: mp3FrameBytes(version, bitrateKbps, sampleRate) + ((third >> 1) & 1),
		sideInfoBytes: version === 1 ? wideSideInfo : narrowSideInfo,
	};
}

/** Frames that can follow one another in one stream. */
export function isSameMp3Stream(one: Mp3FrameHeader, other: Mp3FrameHeader): boolean {
	return one.version === other.version && one.sampleRate === other.sampleRate;
}

/** Length of the ID3v2 tag at `offset`, 0 when there is none (id3.org, section 3.1). */
export function id3v2Bytes(bytes: Uint8Array, offset: number): number {
	if (bytes[offset] !== 0x49) return 0;
	const [, d = 0, three = 0, major = 0, revision = 0, flags = 0, ...size] = bytes.subarray(
		offset,
		offset + 10,
	);
	const isTag = d === 0x44 && three === 0x33 && size.length === 4;
	if (!isTag || major < 2 || major > 4 || revision === 0xff || size.some((byte) => byte > 0x7f)) {
		return 0;
	}
	const footerBytes = (flags & 0x10) !== 0 ? 10 : 0;
	return 10 + footerBytes + size.reduce((total, byte) => total * 128 + byte, 0);
}
