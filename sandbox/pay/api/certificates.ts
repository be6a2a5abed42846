import { type Call, get } from '../call.ts'
import { seal } from '../crypto/seal.ts'
import { PayError } from '../error.ts'
import { Fields } from '../input.ts'
import { chinaTime } from '../state/times.ts'

/**
 * The platform certificates, which merchants with 微信支付公钥 alone do not have
 * (docs/upstream/wechat-pay-calls.md#public-key-and-platform-certificates).
 */
export const certificateCalls: readonly Call[] = [
  get('/v3/certificates', ({ merchant, query }) => {
    const kind = new Fields(query, 'query').oneOf('/algorithm_type', ['RSA', 'SM2', 'ALL'])
    if (merchant.settings.mode === 'publicKey' || kind === 'SM2')
      throw new PayError('RESOURCE_NOT_EXISTS', {
        message: '无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。',
      })
    const { apiV3Key } = merchant.settings
    if (apiV3Key === null) throw new PayError('INVALID_REQUEST', { message: '商户未设置APIv3密钥' })
    return {
      data: merchant.keys.certificates.map(({ serial, certificate, from, to }) => ({
        serial_no: serial,
        effective_time: chinaTime(from),
        expire_time: chinaTime(to),
        encrypt_certificate: seal(apiV3Key, certificate, 'certificate'),
      })),
    }
  }),
]
