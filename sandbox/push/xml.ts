import type { ExtendedAttribute } from '../corp/records.ts'
import type { WireMember } from '../state/wire.ts'
import type { ContactEvent } from './event.ts'

/** An element with a text in CDATA. */
export const cdata = (name: string, value: string): string =>
  `<${name}><![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`
const bare = (name: string, value: string | number): string => `<${name}>${value}</${name}>`

/** The unencrypted outer XML of a push (docs/upstream/wecom-callbacks.md#event-push). AgentID is empty for contact events. */
export const envelope = (corpId: string, encrypted: string): string =>
  `<xml>${cdata('ToUserName', corpId)}${cdata('AgentID', '')}${cdata('Encrypt', encrypted)}</xml>`

/**
 * The XML of an event, with CDATA only where WeCom uses it (docs/upstream/wecom-callbacks.md#contact-events). `stripped` gives
 * the form for receive URLs saved after 2022-08-15 (docs/upstream/wecom-directory.md#the-restrictions-of-2022); the result is
 * undefined for changes that WeCom no longer calls back to these.
 */
export function eventXml(
  event: ContactEvent,
  { corpId, at, stripped }: { corpId: string; at: number; stripped: boolean },
): string | undefined {
  const inner = stripped ? strippedFields(event) : fields(event)
  if (inner === undefined) return undefined
  const changeType =
    event.type === 'update_tag' ? cdata('ChangeType', event.type) : bare('ChangeType', event.type)
  return [
    '<xml>',
    cdata('ToUserName', corpId),
    cdata('FromUserName', 'sys'),
    bare('CreateTime', Math.floor(at / 1000)),
    cdata('MsgType', 'event'),
    cdata('Event', 'change_contact'),
    changeType,
    inner,
    '</xml>',
  ].join('')
}

function fields(event: ContactEvent): string {
  switch (event.type) {
    case 'create_user':
      return cdata('UserID', event.member.userid) + memberFields(event.member)
    case 'update_user':
      return userIds(event.userid, event.newUserid) + memberFields(event.changed)
    case 'delete_user':
      return cdata('UserID', event.userid)
    case 'create_party': {
      const { id, name, parentid, order } = event.department
      return bare('Id', id) + cdata('Name', name) + cdata('ParentId', String(parentid)) + bare('Order', order)
    }
    case 'update_party':
      return (
        bare('Id', event.id) +
        (event.name === undefined ? '' : cdata('Name', event.name)) +
        (event.parentid === undefined ? '' : cdata('ParentId', String(event.parentid)))
      )
    case 'delete_party':
      return bare('Id', event.id)
    case 'update_tag':
      return tagFields(event)
  }
}

function strippedFields(event: ContactEvent): string | undefined {
  switch (event.type) {
    case 'create_user':
      return cdata('UserID', event.member.userid) + cdata('Department', event.member.department.join(','))
    case 'update_user':
      if (event.changed.department === undefined && event.newUserid === undefined) return undefined
      return userIds(event.userid, event.newUserid) + cdata('Department', event.departments.join(','))
    case 'create_party':
      return bare('Id', event.department.id) + cdata('ParentId', String(event.department.parentid))
    case 'update_party':
      if (event.parentid === undefined) return undefined
      return bare('Id', event.id) + cdata('ParentId', String(event.parentid))
    default:
      return fields(event)
  }
}

const userIds = (userid: string, newUserid: string | undefined): string =>
  cdata('UserID', userid) + (newUserid === undefined ? '' : cdata('NewUserID', newUserid))

const writers: { [field in keyof WireMember]?: (value: never) => string } = {
  name: (value: string) => cdata('Name', value),
  department: (value: number[]) => cdata('Department', value.join(',')),
  main_department: (value: number) => bare('MainDepartment', value),
  is_leader_in_dept: (value: number[]) => cdata('IsLeaderInDept', value.join(',')),
  direct_leader: (value: string[]) => cdata('DirectLeader', value.join(',')),
  position: (value: string) => cdata('Position', value),
  mobile: (value: string) => (/^\+?\d*$/.test(value) ? bare('Mobile', value) : cdata('Mobile', value)),
  gender: (value: string) => bare('Gender', value),
  email: (value: string) => cdata('Email', value),
  biz_mail: (value: string) => cdata('BizMail', value),
  status: (value: number) => bare('Status', value),
  avatar: (value: string) => cdata('Avatar', value),
  alias: (value: string) => cdata('Alias', value),
  telephone: (value: string) => cdata('Telephone', value),
  address: (value: string) => cdata('Address', value),
  extattr: (value: { attrs: ExtendedAttribute[] }) =>
    `<ExtAttr>${value.attrs.map(attribute).join('')}</ExtAttr>`,
}

function memberFields(member: Partial<WireMember>): string {
  let xml = ''
  for (const [name, write] of Object.entries(writers)) {
    const value = member[name as keyof WireMember]
    if (value !== undefined) xml += (write as (value: unknown) => string)(value)
  }
  return xml
}

function attribute(item: ExtendedAttribute): string {
  const value =
    item.type === 0
      ? `<Text>${cdata('Value', item.text.value)}</Text>`
      : `<Web>${cdata('Title', item.web.title)}${cdata('Url', item.web.url)}</Web>`
  return `<Item>${cdata('Name', item.name)}${bare('Type', item.type)}${value}</Item>`
}

function tagFields(event: Extract<ContactEvent, { type: 'update_tag' }>): string {
  const list = (name: string, items: readonly (string | number)[] | undefined): string =>
    items && items.length > 0 ? cdata(name, items.join(',')) : ''
  return (
    bare('TagId', event.tagid) +
    list('AddUserItems', event.addUsers) +
    list('DelUserItems', event.delUsers) +
    list('AddPartyItems', event.addParties) +
    list('DelPartyItems', event.delParties)
  )
}
