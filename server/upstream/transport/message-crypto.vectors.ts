/** Public test data from open SDK test suites and vendor samples; `source` says where each comes from. */
export interface CryptoVector {
  id: string
  source: string
  token: string
  encodingAesKey: string
  receiveId: string
  timestamp: string
  nonce: string
  encrypt: string
  signature: string
  plaintext: string
  random16?: string
}

export const cryptoVectors: CryptoVector[] = [
  {
    id: 'W1-echo',
    source: 'Tencent WXBizMsgCrypt sample (LeoEatle/WXBizMsgCryptNode Sample.cpp)',
    token: 'QDG6eK',
    encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
    receiveId: 'wx5823bf96d3bd56c7',
    timestamp: '1409659589',
    nonce: '263014780',
    encrypt: 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
    signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
    plaintext: '1616140317555161061',
    random16: 'c41b64491c2468d0',
  },
  {
    id: 'W2-message',
    source: 'Tencent WXBizMsgCrypt sample (LeoEatle/WXBizMsgCryptNode Sample.cpp), DecryptMsg',
    token: 'QDG6eK',
    encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
    receiveId: 'wx5823bf96d3bd56c7',
    timestamp: '1409659813',
    nonce: '1372623149',
    encrypt:
      'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==',
    signature: '477715d11cdb4164915debcba66cb864d751f3e6',
    plaintext:
      '<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>\n<FromUserName><![CDATA[mycreate]]></FromUserName>\n<CreateTime>1409659813</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[hello]]></Content>\n<MsgId>4561255354251345929</MsgId>\n<AgentID>218</AgentID>\n</xml>',
    random16: '0960688932c47ef1',
  },
  {
    id: 'W5-echo',
    source: 'wechatpy tests/test_crypto.py',
    token: '123456',
    encodingAesKey: 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR',
    receiveId: 'wx49f0ab532d5d035a',
    timestamp: '1411443780',
    nonce: '437374425',
    encrypt: '4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q==',
    signature: 'dd6b9c95b495b3f7e2901bfbc76c664930ffdb96',
    plaintext: '5927782489442352469',
  },
  {
    id: 'W6-deterministic-encrypt',
    source: 'wechatpy tests/test_crypto.py (random16 fixed)',
    token: '123456',
    encodingAesKey: 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR',
    receiveId: 'wx49f0ab532d5d035a',
    timestamp: '1411525903',
    nonce: '461056294',
    encrypt:
      '9s4gMv99m88kKTh/H8IdkOiMg6bisoy3ypwy9H4hvSPe9nsGaqyw5hhSjdYbcrKk+j3nba4HMOTzHrluLBYqxgNcBqGsL8GqxlhZgURnAtObvesEl5nZ+uBE8bviY0LWke8Zy9V/QYKxNV2FqllNXcfmstttyIkMKCCmVbCFM2JTF5wY0nFhHZSjPUL2Q1qvSUCUld+/WIXrx0oyKQmpB6o8NRrrNrsDf03oxI1p9FxUgMnwKKZeOA/uu+2IEvEBtb7muXsVbwbgX05UPPJvFurDXafG0RQyPR+mf1nDnAtQmmNOuiR5MIkdQ39xn1vWwi1O5oazPoQJz0nTYjxxEE8kv3kFxtAGVRe3ypD3WeK2XeFYFMNMpatF9XiKzHo3',
    signature: '407518b7649e86ef23978113f92d27afa9296533',
    plaintext:
      '<xml>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[test]]></Content>\n<FromUserName><![CDATA[wx49f0ab532d5d035a]]></FromUserName>\n<ToUserName><![CDATA[messense]]></ToUserName>\n<AgentID>1</AgentID>\n<CreateTime>1411525903</CreateTime>\n</xml>',
    random16: '1234567890123456',
  },
  {
    id: 'O2-secure-decrypt',
    source:
      'Tencent push-encryption guide (developers.weixin.qq.com/doc/oplatform/developers/dev/push/encryption)',
    token: 'AAAAA',
    encodingAesKey: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    receiveId: 'wxba5fad812f8e6fb9',
    timestamp: '1714112445',
    nonce: '415670741',
    encrypt:
      '+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=',
    signature: '046e02f8204d34f8ba5fa3b1db94908f3df2e9b3',
    plaintext:
      '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}',
    random16: 'a8eedb185eb2fecf',
  },
  {
    id: 'O3-secure-deterministic-encrypt',
    source:
      'Tencent push-encryption guide (developers.weixin.qq.com/doc/oplatform/developers/dev/push/encryption)',
    token: 'AAAAA',
    encodingAesKey: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    receiveId: 'wxba5fad812f8e6fb9',
    timestamp: '1713424427',
    nonce: '415670741',
    encrypt: 'ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==',
    signature: '1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1',
    plaintext: '{"demo_resp":"good luck"}',
    random16: '707722b803182950',
  },
  {
    id: 'O5-decrypt',
    source: 'EasyWeChat (overtrue/wechat 5.x) tests/Kernel/EncryptorTest.php',
    token: 'pamtest',
    encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    receiveId: 'wxb11529c136998cb6',
    timestamp: '1458300676',
    nonce: '260774613',
    encrypt:
      'rTNFcsut4LfGuAFKEUVVpwcaCOTJzOd9twZdIW910jb3k+iicx2uvhttIZ3Qg9Qgty3BEF2xbOrz6boTfb30dMomcgrkTqdFPwnhqbk+kIQ7rZiwny9D7NUrTgA5kpX3KsZvrXzUZyP2x9YOlxbgm572lmxKvM7HAQQhIQ/p6HBmoY30bGXFK0BtIu1pW9TjhOYrLQoU18nWYjWqDA1ynkmOytpv7QRI1P1+0NoxL0q2zO1DgeSvnE8CZGo/o5Ap/WHK5W2RAsinpzN4/LjPnmB6U01I5XCoJoC0GK/yMZycd2Oh8Nq6+wBkC1U85oy0ktOY4nLvsQMLrourmMGdZHuTbqpeJ8Ao/5PRYJ+WBvRUwPfGKBL2+2IKZF49vAJqkcGWSHGE76ZN2erXeuNazf/o9o3lIE3q739o4c8t9QGPe31GT2Go/rOz1BsrASwvauNulCh+++yz+CQzBIuikA==',
    signature: '4f3ad57b6989f09f4eb392acce4f9e93942ed890',
    plaintext:
      '<xml><URL><![CDATA[http://wechat.laravel.so/server]]></URL><ToUserName><![CDATA[asdasdasd]]></ToUserName><FromUserName><![CDATA[asdasdasdsadasd]]></FromUserName><CreateTime>1234567898</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[hello]]></Content><MsgId>12345</MsgId></xml>',
    random16: 'd43123b161a4ba84',
  },
]

/** Signatures without a ciphertext to decrypt. An official account's plain signature covers only three strings. */
export const signatureVectors = [
  {
    id: 'W8-signature-only',
    source: 'node-webot/wechat-crypto test/crypto.test.js',
    token: 'RMNlACHlV5ThzfRlVS4D4',
    timestamp: 'timestamp',
    nonce: 'nonce',
    encrypt: 'encrypt',
    signature: '8edac0945683c119ee71c9f6256d76c48aa08a96',
  },
  {
    id: 'O1-plain-signature-1',
    source:
      'Tencent push-encryption guide (developers.weixin.qq.com/doc/oplatform/developers/dev/push/encryption)',
    token: 'AAAAA',
    timestamp: '1714037059',
    nonce: '486452656',
    encrypt: '',
    signature: '899cf89e464efb63f54ddac96b0a0a235f53aa78',
  },
  {
    id: 'O1-plain-signature-2',
    source:
      'Tencent push-encryption guide (developers.weixin.qq.com/doc/oplatform/developers/dev/push/encryption)',
    token: 'AAAAA',
    timestamp: '1714036504',
    nonce: '1514711492',
    encrypt: '',
    signature: 'f464b24fc39322e44b38aa78f5edd27bd1441696',
  },
  {
    id: 'O1-plain-signature-3',
    source:
      'Tencent push-encryption guide (developers.weixin.qq.com/doc/oplatform/developers/dev/push/encryption)',
    token: 'AAAAA',
    timestamp: '1714112445',
    nonce: '415670741',
    encrypt: '',
    signature: '6c5c811b55cc85e0e1b54100749188c20beb3f5d',
  },
]
