// Makes a self-signed certificate for given host names, trusted only by a client configured to trust it. X.509 v3, RFC 5280.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const tlv = (tag: number, ...parts: Buffer[]): Buffer => {
	const content = Buffer.concat(parts);
	const size = content.length;
	const length =
		size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, Math.floor(size / 256), size % 256];
	return Buffer.concat([Buffer.from([tag, ...length]), content]);
};
const sequence = (...parts: Buffer[]) => tlv(0x30, ...parts);
const hex = (digits: string) => Buffer.from(digits, 'hex');

/** ecdsa-with-SHA256, commonName, subjectAltName, basicConstraints: RFC 5758 and RFC 5280. */
const oid = {
	ecdsaSha256: hex('06082a8648ce3d040302'),
	commonName: hex('0603550403'),
	altName: hex('0603551d11'),
	constraints: hex('0603551d13'),
};
const yes = hex('0101ff');

const time = (date: Date) =>
	tlv(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replace(/[-T:]/g, '')}Z`));

/** Valid for a day around now. */
export function makeCertificate(hosts: readonly string[]): { key: string; certificate: string } {
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const name = sequence(
		tlv(0x31, sequence(oid.commonName, tlv(0x0c, Buffer.from('Made up for tests')))),
	);
	const dayMs = 86_400_000;
	const names = hosts.map((host) => tlv(0x82, Buffer.from(host)));
	const facts = sequence(
		tlv(0xa0, hex('020102')),
		tlv(0x02, Buffer.concat([hex('01'), randomBytes(8)])),
		sequence(oid.ecdsaSha256),
		name,
		sequence(time(new Date(Date.now() - dayMs)), time(new Date(Date.now() + dayMs))),
		name,
		publicKey.export({ type: 'spki', format: 'der' }),
		tlv(
			0xa3,
			sequence(
				sequence(oid.altName, tlv(0x04, sequence(...names))),
				sequence(oid.constraints, yes, tlv(0x04, sequence(yes))),
			),
		),
	);
	const signature = sign('sha256', facts, privateKey);
	const whole = sequence(facts, sequence(oid.ecdsaSha256), tlv(0x03, hex('00'), signature));
	const lines = whole.toString('base64').replace(/.{64}/g, '$&\n');
	return {
		key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
		certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
	};
}
