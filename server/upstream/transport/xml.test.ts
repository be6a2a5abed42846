import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cryptoVectors } from './message-crypto.vectors.ts'
import { findText, parseContactEvent, parseEnvelope, parseXml, WecomXmlError } from './xml.ts'

const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown
const cdata = (text: string) => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
const anyText = fc
  .string({ unit: 'binary' })
  .map(text => text.toWellFormed().replaceAll('\0', '').replaceAll('\r', '\n'))
const sysEvent = (fields: string) =>
  `<xml><ToUserName><![CDATA[ww1]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>1403610513</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_contact]]></Event>${fields}</xml>`

describe('parseXml', () => {
  test('text stays text, CDATA is merged, predefined entities are read, children nest', () => {
    const xml = `<?xml version="1.0"?>
      <xml a="1"><Id>007</Id><Big>4561255354251345929</Big><Exp>1e3</Exp><Bool>true</Bool>
      <Merged> <![CDATA[ a]]]]><![CDATA[>b ]]> </Merged><Entity> a&amp;b&lt;&#20320;&#x597d;&unknown; </Entity>
      <Empty/><Blank><![CDATA[]]></Blank><!-- no --><Item><Name>x</Name></Item><Item>y</Item></xml>`
    expect(plain(parseXml(xml))).toEqual({
      Id: '007',
      Big: '4561255354251345929',
      Exp: '1e3',
      Bool: 'true',
      Merged: ' a]]>b ',
      Entity: 'a&b<你好&unknown;',
      Empty: '',
      Blank: '',
      Item: [{ Name: 'x' }, 'y'],
    })
  })

  test('any text in CDATA survives, DTD look-alikes included', () => {
    const look = fc.constantFrom(
      '<!DOCTYPE x>',
      '<!ENTITY a "b">',
      ']]>',
      '<![CDATA[',
      '&lt;',
      '-->',
      '</xml>',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(anyText, look), { minLength: 1 }), parts => {
        const text = parts.join('')
        expect(parseXml(`<xml><Name>${cdata(text)}</Name><Id>1</Id></xml>`)['Name']).toBe(text)
      }),
      { numRuns: 500 },
    )
  })

  test('any escaped plain text survives but for blanks around it', () => {
    fc.assert(
      fc.property(anyText, text => {
        const escaped = text.replace(/[&<>]/g, c => `&#${c.charCodeAt(0)};`)
        expect(parseXml(`<xml><Name>${escaped}</Name></xml>`)['Name']).toBe(text.trim())
      }),
    )
  })

  test('arbitrary input is parsed or refused with WecomXmlError', () => {
    const pieces = fc.constantFrom(
      '<xml>',
      '</xml>',
      '<A>',
      '</A>',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<?',
      '&',
      'x',
      '"',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string())), parts => {
        try {
          parseXml(parts.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(WecomXmlError)
        }
      }),
      { numRuns: 1000 },
    )
  })

  const billionLaughs = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><xml><A>&b;</A></xml>`
  test.each([
    ['billion laughs', billionLaughs, /DOCTYPE/],
    ['an external entity', '<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml/>', /DOCTYPE/],
    ['an entity declaration inside', '<xml><!ENTITY a "b"><A>1</A></xml>', /DOCTYPE/],
    ['lower case', '<!doctype xml><xml/>', /DOCTYPE/],
    ['another root', '<yml><A>1</A></yml>', /root element must be/],
    ['two roots', '<xml/><xml/>', /root|malformed/],
    ['text only', '<xml>hello</xml>', /text only/],
    ['a mismatched tag', '<xml><A>1</B></xml>', /malformed/],
    ['an open tag', '<xml><A>1</A>', /malformed/],
    ['an open CDATA', '<xml><A><![CDATA[x</A></xml>', /malformed/],
    ['nothing', '', /malformed/],
    ['JSON', '{"a":1}', /malformed/],
    ['depth', `<xml>${'<a>'.repeat(20)}${'</a>'.repeat(20)}</xml>`, /malformed/],
    ['NUL', '<xml><A>\0</A></xml>', /NUL/],
    ['size', `<xml><A>${'x'.repeat(1024 * 1024)}</A></xml>`, /1 MB/],
  ])('refuses %s', (_name, xml, reason) => {
    expect(() => parseXml(xml)).toThrow(WecomXmlError)
    expect(() => parseXml(xml)).toThrow(reason)
  })

  test('no prototype can be reached through element names', () => {
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString']) {
      try {
        const root = parseXml(`<xml><${name}><polluted>1</polluted></${name}></xml>`)
        expect(Object.getPrototypeOf(root)).toBeNull()
      } catch (error) {
        expect(error).toBeInstanceOf(WecomXmlError)
      }
    }
    expect('polluted' in {}).toBe(false)
  })

  test.each(['<', '<a ', '<a>', '<a/>', '<![CDATA[', '<!--', '<?a', '&#1;', '<a b="'])(
    'one megabyte of %s is answered quickly',
    piece => {
      const started = performance.now()
      try {
        parseXml(`<xml>${piece.repeat(1_000_000 / piece.length)}</xml>`)
      } catch (error) {
        expect(error).toBeInstanceOf(WecomXmlError)
      }
      expect(performance.now() - started).toBeLessThan(5000)
    },
  )
})

describe('parseEnvelope', () => {
  const cipher = cryptoVectors[1]!.encrypt

  test.each([
    [
      'contact callback',
      `<xml><ToUserName><![CDATA[ww1]]></ToUserName><Encrypt><![CDATA[${cipher}]]></Encrypt></xml>`,
      '',
    ],
    [
      'empty agent',
      `<xml><ToUserName><![CDATA[ww1]]></ToUserName><AgentID><![CDATA[]]></AgentID><Encrypt><![CDATA[${cipher}]]></Encrypt></xml>`,
      '',
    ],
    [
      'agent last, line breaks',
      `<xml>\n<ToUserName><![CDATA[ww1]]></ToUserName>\n<Encrypt><![CDATA[${cipher}]]></Encrypt>\n<AgentID><![CDATA[218]]></AgentID>\n</xml>`,
      '218',
    ],
    [
      'no CDATA, other order',
      `<?xml version="1.0"?><xml><Encrypt>${cipher}</Encrypt><AgentID>218</AgentID><ToUserName>ww1</ToUserName></xml>`,
      '218',
    ],
  ])('%s', (_name, body, agentId) => {
    expect(parseEnvelope(body)).toEqual({ toUserName: 'ww1', agentId, encrypt: cipher })
  })

  test.each([
    ['no Encrypt', '<xml><ToUserName><![CDATA[ww1]]></ToUserName></xml>'],
    ['empty Encrypt', '<xml><ToUserName><![CDATA[ww1]]></ToUserName><Encrypt><![CDATA[]]></Encrypt></xml>'],
    ['no ToUserName', '<xml><Encrypt><![CDATA[AAAA]]></Encrypt></xml>'],
    ['Encrypt twice', '<xml><ToUserName>a</ToUserName><Encrypt>A</Encrypt><Encrypt>B</Encrypt></xml>'],
    ['Encrypt with children', '<xml><ToUserName>a</ToUserName><Encrypt><B>1</B></Encrypt></xml>'],
  ])('refuses %s', (_name, body) => {
    expect(() => parseEnvelope(body)).toThrow(WecomXmlError)
  })
})

test.each([
  ['<xml><A>1</A></xml>', '1'],
  ['<A>\n<![CDATA[ 1 ]]>\n</A>', ' 1 '],
  ['<A><![CDATA[]]></A>', ''],
  ['<A>1</A><A>2</A>', '1'],
  ['</A><A>1</A>', '1'],
  ['<A>1', undefined],
  ['1</A>', undefined],
  ['<AB>1</AB>', undefined],
  ['', undefined],
])('findText looks into %j without parsing it', (body, text) => {
  expect(findText(body, 'A')).toBe(text)
})

describe('parseContactEvent', () => {
  test('create_user with everything, CDATA and not mixed', () => {
    const xml =
      sysEvent(`<ChangeType>create_user</ChangeType><UserID><![CDATA[007]]></UserID><Name><![CDATA[张三]]></Name>
      <Department><![CDATA[1,2,3]]></Department><MainDepartment>1</MainDepartment><IsLeaderInDept><![CDATA[1,0,0]]></IsLeaderInDept>
      <DirectLeader><![CDATA[lisi,wangwu]]></DirectLeader><Position><![CDATA[产品经理]]></Position><Mobile>13800000000</Mobile>
      <Gender>1</Gender><Email><![CDATA[zhangsan@example.com]]></Email><BizMail><![CDATA[z@corp.example.com]]></BizMail>
      <Status>1</Status><Avatar><![CDATA[https://example.com/0]]></Avatar><Alias><![CDATA[]]></Alias><Telephone><![CDATA[020-1]]></Telephone>
      <Address><![CDATA[广州市]]></Address><ExtAttr><Item><Name><![CDATA[爱好]]></Name><Type>0</Type><Text><Value><![CDATA[旅游]]></Value></Text></Item></ExtAttr>`)
    expect(parseContactEvent(xml)).toStrictEqual({
      changeType: 'create_user',
      toUserName: 'ww1',
      createTime: 1403610513,
      event: 'change_contact',
      userId: '007',
      name: '张三',
      departments: [1, 2, 3],
      mainDepartment: 1,
      isLeaderInDept: [1, 0, 0],
      directLeader: ['lisi', 'wangwu'],
      position: '产品经理',
      mobile: '13800000000',
      gender: '1',
      email: 'zhangsan@example.com',
      bizMail: 'z@corp.example.com',
      status: 1,
      avatar: 'https://example.com/0',
      alias: '',
      telephone: '020-1',
      address: '广州市',
    })
  })

  const head = { toUserName: 'ww1', createTime: 1403610513, event: 'change_contact' }
  test.each([
    [
      '<ChangeType>update_user</ChangeType><UserID>a</UserID><NewUserID><![CDATA[b]]></NewUserID><Department></Department>',
      { changeType: 'update_user', userId: 'a', newUserId: 'b', departments: [] },
    ],
    [
      '<ChangeType>delete_user</ChangeType><UserID><![CDATA[a]]></UserID>',
      { changeType: 'delete_user', userId: 'a' },
    ],
    [
      '<ChangeType>create_party</ChangeType><Id>2</Id><Name><![CDATA[张三]]></Name><ParentId><![CDATA[1]]></ParentId><Order>4294967295</Order>',
      { changeType: 'create_party', id: 2, name: '张三', parentId: 1, order: 4294967295 },
    ],
    ['<ChangeType>delete_party</ChangeType><Id>2</Id>', { changeType: 'delete_party', id: 2 }],
    [
      '<ChangeType><![CDATA[update_tag]]></ChangeType><TagId>1</TagId><AddUserItems><![CDATA[zhangsan,lisi]]></AddUserItems><DelPartyItems><![CDATA[4,5]]></DelPartyItems><AddPartyItems><![CDATA[]]></AddPartyItems>',
      {
        changeType: 'update_tag',
        tagId: 1,
        addUserItems: ['zhangsan', 'lisi'],
        delPartyItems: [4, 5],
        addPartyItems: [],
      },
    ],
    [
      '<ChangeType><![CDATA[paint_user_blue]]></ChangeType><Colour>1</Colour>',
      { changeType: 'paint_user_blue' },
    ],
    ['', { changeType: '' }],
  ])('%s', (fields, expected) => {
    expect(parseContactEvent(sysEvent(fields))).toStrictEqual({ ...head, ...expected })
  })

  test.each([
    ['<ChangeType>delete_party</ChangeType><Id>two</Id>', /Id is not an integer/],
    ['<ChangeType>create_user</ChangeType><Department>1,x</Department>', /Department is not an integer/],
    ['<ChangeType>create_user</ChangeType><UserID>a</UserID><UserID>b</UserID>', /UserID is not text/],
  ])('refuses %s', (fields, reason) => {
    expect(() => parseContactEvent(sysEvent(fields))).toThrow(reason)
  })

  test('refuses an event without corp or time', () => {
    expect(() => parseContactEvent('<xml><CreateTime>1</CreateTime></xml>')).toThrow(/ToUserName/)
    expect(() => parseContactEvent('<xml><ToUserName>a</ToUserName></xml>')).toThrow(/CreateTime/)
  })

  test('any name survives', () => {
    fc.assert(
      fc.property(anyText, name => {
        const event = parseContactEvent(
          sysEvent(`<ChangeType>update_user</ChangeType><Name>${cdata(name)}</Name>`),
        )
        expect(event.name).toBe(name)
      }),
    )
  })
})
