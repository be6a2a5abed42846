/** An ASN.1 value in DER. */
export const der = (tag: number, ...parts: (Buffer | number[])[]): Buffer => {
  const body = Buffer.concat(parts.map(part => Buffer.from(part)))
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const length = body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}
export const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts)
export const oid = (...bytes: number[]): Buffer => der(0x06, bytes)
export const generalized = (text: string): Buffer => der(0x18, Buffer.from(text))
export const bits = (bytes: Buffer): Buffer => der(0x03, [0], bytes)
/** A certificate as PEM. */
export const pem = (certificate: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64').replaceAll(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`
