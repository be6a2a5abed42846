import type { GatewaySettings } from '../../../upstream/sms/gateway.ts'

type Sample = {
  label: { zh: string; en: string }
  /** Only what the sample wants otherwise than another one does: every sample sets the same fields. */
  sets: Pick<
    Required<GatewaySettings>,
    | 'method'
    | 'format'
    | 'charset'
    | 'headers'
    | 'body'
    | 'digest'
    | 'digestOf'
    | 'digestAs'
    | 'sentWhen'
    | 'refusedWhen'
    | 'serialAt'
    | 'numbers'
  >
}

/** What the form begins with, to be made to fit the gateway at hand. The sandbox plays all three. */
export const gatewaySamples = {
  json: {
    label: { zh: 'JSON，HMAC-SHA256 签名', en: 'JSON, signed by HMAC-SHA256' },
    sets: {
      method: 'POST',
      format: 'json',
      charset: 'utf-8',
      headers: 'X-Timestamp: {timestamp}\nX-Signature: {digest}',
      body: '{"mobile":"{mobile}","content":"{text}","requestId":"{id}"}',
      digest: 'hmac-sha256',
      digestOf: '{timestamp}{mobile}{text}',
      digestAs: 'hex',
      sentWhen: 'code=0',
      refusedWhen: 'code=4*',
      serialAt: 'data.msgId',
      numbers: 1,
    },
  },
  mas: {
    label: { zh: 'MAS 式：GBK 表单，MD5', en: 'Like MAS: a form in GBK, MD5' },
    sets: {
      method: 'POST',
      format: 'form',
      charset: 'gbk',
      headers: '',
      body: 'ecName={signName}&mobiles={mobile}&content={text}&addSerial=&mac={digest}',
      digest: 'md5',
      digestOf: '{signName}{key}{mobile}{text}',
      digestAs: 'hex',
      sentWhen: 'rspcod=success',
      refusedWhen: 'rspcod=Invalid*|IllegalMac|NoSignId|TooManyMobiles',
      serialAt: 'msgGroup',
      numbers: 200,
    },
  },
  xml: {
    label: { zh: 'XML，MD5 口令', en: 'XML, password by MD5' },
    sets: {
      method: 'POST',
      format: 'xml',
      charset: 'utf-8',
      headers: '',
      body: '<?xml version="1.0" encoding="UTF-8"?>\n<submit><account>{signName}</account><password>{digest}</password><mobile>{mobile}</mobile><content>{text}</content></submit>',
      digest: 'md5',
      digestOf: '{key}{mobile}',
      digestAs: 'HEX',
      sentWhen: 'returnsms.returnstatus=Success',
      refusedWhen: 'returnsms.returnstatus=Faild',
      serialAt: 'returnsms.taskID',
      numbers: 1,
    },
  },
} as const satisfies Record<string, Sample>

export const gatewayNames = ['json', 'mas', 'xml'] as const satisfies (keyof typeof gatewaySamples)[]
