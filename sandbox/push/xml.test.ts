import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { until } from '../../test/until.ts'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { admin, control } from '../test-caller.ts'
import { callbackKeys, type Receiver, startReceiver } from '../test-receiver.ts'

let sandbox: Sandbox
let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver()
  sandbox = await startSandbox({ members: 0, departments: 3, now: () => 1_700_000_000_500 })
  await control(sandbox, 'POST', 'callback', { url: receiver.url, ...callbackKeys })
})
afterAll(async () => {
  await sandbox.close()
  await receiver.close()
})
beforeEach(() => {
  receiver.received.length = 0
})

/** The events that were called back for these edits, without the elements that all events have. */
async function events(...changes: [string, object][]): Promise<string[]> {
  for (const [name, input] of changes) expect(await admin(sandbox, name, input)).toMatchObject({ errcode: 0 })
  await until('all pushes', async () => (await control(sandbox, 'GET', 'callback')).body['pending'] === 0)
  const head =
    `<xml><ToUserName><![CDATA[${sandbox.corpId}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>` +
    '<CreateTime>1700000000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_contact]]></Event>'
  return receiver.received.splice(0).map(({ xml }) => {
    expect(xml.startsWith(head)).toBe(true)
    expect(xml.endsWith('</xml>')).toBe(true)
    return xml.slice(head.length, -'</xml>'.length)
  })
}

const member = {
  userid: 'wangli',
  name: '王丽',
  department: [2, 3],
  is_leader_in_dept: [1, 0],
  position: '产品经理',
  mobile: '13800000000',
  gender: '2',
  email: 'wangli@huayu.example',
  alias: 'Lily]]>',
  telephone: '020-123456',
  address: '广州市',
  extattr: {
    attrs: [
      { type: 0, name: '爱好', text: { value: '旅游' } },
      { type: 1, name: '主页', web: { title: '我的', url: 'https://a.example/?a=1&b=2' } },
    ],
  },
}

test('members, in full', async () => {
  await events(['user/create', { userid: 'lisi', name: '李四', mobile: '13800000001' }])
  expect(await events(['user/create', { ...member, direct_leader: ['lisi'] }])).toEqual([
    '<ChangeType>create_user</ChangeType><UserID><![CDATA[wangli]]></UserID><Name><![CDATA[王丽]]></Name>' +
      '<Department><![CDATA[2,3]]></Department><MainDepartment>2</MainDepartment>' +
      '<IsLeaderInDept><![CDATA[1,0]]></IsLeaderInDept><DirectLeader><![CDATA[lisi]]></DirectLeader>' +
      '<Position><![CDATA[产品经理]]></Position><Mobile>13800000000</Mobile><Gender>2</Gender>' +
      '<Email><![CDATA[wangli@huayu.example]]></Email><BizMail><![CDATA[]]></BizMail><Status>4</Status>' +
      '<Avatar><![CDATA[]]></Avatar><Alias><![CDATA[Lily]]]]><![CDATA[>]]></Alias>' +
      '<Telephone><![CDATA[020-123456]]></Telephone><Address><![CDATA[广州市]]></Address>' +
      '<ExtAttr><Item><Name><![CDATA[爱好]]></Name><Type>0</Type><Text><Value><![CDATA[旅游]]></Value></Text></Item>' +
      '<Item><Name><![CDATA[主页]]></Name><Type>1</Type>' +
      '<Web><Title><![CDATA[我的]]></Title><Url><![CDATA[https://a.example/?a=1&b=2]]></Url></Web></Item></ExtAttr>',
  ])
  expect(await events(['user/update', { userid: 'WANGLI', name: '王莉', position: '' }])).toEqual([
    '<ChangeType>update_user</ChangeType><UserID><![CDATA[wangli]]></UserID>' +
      '<Name><![CDATA[王莉]]></Name><Position><![CDATA[]]></Position>',
  ])
  expect(await events(['user/rename', { userid: 'wangli', new_userid: 'WL' }])).toEqual([
    '<ChangeType>update_user</ChangeType><UserID><![CDATA[wangli]]></UserID><NewUserID><![CDATA[WL]]></NewUserID>',
  ])
  expect(await events(['user/delete', { userid: 'wl' }])).toEqual([
    '<ChangeType>delete_user</ChangeType><UserID><![CDATA[WL]]></UserID>',
  ])
})

test('departments', async () => {
  const made = await events(['department/create', { name: '新部门', parentid: 1, id: 9, order: 5 }])
  expect(made).toEqual([
    '<ChangeType>create_party</ChangeType><Id>9</Id><Name><![CDATA[新部门]]></Name><ParentId><![CDATA[1]]></ParentId><Order>5</Order>',
  ])
  const moves = await events(
    ['department/update', { id: 9, parentid: 2 }],
    ['department/update', { id: 9, name: '改' }],
    ['department/update', { id: 9, name: '改' }],
    ['department/delete', { id: 9 }],
  )
  expect(moves).toEqual([
    '<ChangeType>update_party</ChangeType><Id>9</Id><ParentId><![CDATA[2]]></ParentId>',
    '<ChangeType>update_party</ChangeType><Id>9</Id><Name><![CDATA[改]]></Name>',
    '<ChangeType>delete_party</ChangeType><Id>9</Id>',
  ])
})

test('tags call back their members, and nothing else', async () => {
  const all = await events(
    ['user/create', { userid: 'a', name: '甲', mobile: '13800000003' }],
    ['tag/create', { tagname: '标签', tagid: 99 }],
    ['tag/update', { tagid: 99, tagname: '标签二' }],
    ['tag/addtagusers', { tagid: 99, userlist: ['lisi', 'A', 'nobody'], partylist: [2, 3] }],
    ['tag/addtagusers', { tagid: 99, userlist: ['lisi'] }],
    ['tag/deltagusers', { tagid: 99, userlist: ['lisi'], partylist: [3] }],
    ['tag/delete', { tagid: 99 }],
  )
  expect(all.slice(1)).toEqual([
    '<ChangeType><![CDATA[update_tag]]></ChangeType><TagId>99</TagId>' +
      '<AddUserItems><![CDATA[lisi,a]]></AddUserItems><AddPartyItems><![CDATA[2,3]]></AddPartyItems>',
    '<ChangeType><![CDATA[update_tag]]></ChangeType><TagId>99</TagId>' +
      '<DelUserItems><![CDATA[lisi]]></DelUserItems><DelPartyItems><![CDATA[3]]></DelPartyItems>',
  ])
})

test('stripped since 2022: ids only, and only what moves', async () => {
  await control(sandbox, 'POST', 'regime', { regime: 'restricted' })
  const all = await events(
    ['user/create', { ...member, userid: 'b', mobile: '13800000009' }],
    ['user/update', { userid: 'b', name: '乙' }],
    ['user/update', { userid: 'b', department: [3] }],
    ['user/rename', { userid: 'b', new_userid: 'bb' }],
    ['user/delete', { userid: 'bb' }],
    ['department/create', { name: '某', parentid: 1, id: 20 }],
    ['department/update', { id: 20, name: '某某' }],
    ['department/update', { id: 20, parentid: 2 }],
    ['department/delete', { id: 20 }],
  )
  expect(all).toEqual([
    '<ChangeType>create_user</ChangeType><UserID><![CDATA[b]]></UserID><Department><![CDATA[2,3]]></Department>',
    '<ChangeType>update_user</ChangeType><UserID><![CDATA[b]]></UserID><Department><![CDATA[3]]></Department>',
    '<ChangeType>update_user</ChangeType><UserID><![CDATA[b]]></UserID><NewUserID><![CDATA[bb]]></NewUserID>' +
      '<Department><![CDATA[3]]></Department>',
    '<ChangeType>delete_user</ChangeType><UserID><![CDATA[bb]]></UserID>',
    '<ChangeType>create_party</ChangeType><Id>20</Id><ParentId><![CDATA[1]]></ParentId>',
    '<ChangeType>update_party</ChangeType><Id>20</Id><ParentId><![CDATA[2]]></ParentId>',
    '<ChangeType>delete_party</ChangeType><Id>20</Id>',
  ])
})
