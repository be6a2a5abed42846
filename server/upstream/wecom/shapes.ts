import Type, { type Static } from 'typebox'
import { checked } from '../transport/answer-shape.ts'
import { WecomUnavailable } from './errors.ts'

/*
 * The shapes of WeCom's answers, in its own spelling (docs/upstream/wecom-directory.md, docs/upstream/wecom-sign-in.md). Only
 * fields that wisp cannot do without are required, and unknown fields are allowed. Ids are 32-bit integers; `order` is a uint32,
 * where larger comes first.
 */

const id = Type.Integer({ minimum: 0 })
const texts = Type.Array(Type.String())
const optionalText = Type.Optional(Type.String())

const department = Type.Object({
  id,
  parentid: id,
  order: Type.Integer(),
  name: Type.String(),
  name_en: optionalText,
  department_leader: Type.Optional(texts),
})
export type WecomDepartment = Static<typeof department>

const departmentId = Type.Object({ id, parentid: id, order: Type.Integer() })
export type WecomDepartmentId = Static<typeof departmentId>

/** `value` beside the name is the older form of a text. */
const attribute = Type.Object({
  name: Type.String(),
  value: optionalText,
  text: Type.Optional(Type.Object({ value: optionalText })),
  web: Type.Optional(Type.Object({ url: optionalText, title: optionalText })),
})
export type WecomAttribute = Static<typeof attribute>

const member = Type.Object({
  userid: Type.String({ minLength: 1 }),
  name: Type.String(),
  department: Type.Array(id),
  order: Type.Optional(Type.Array(Type.Integer())),
  is_leader_in_dept: Type.Optional(Type.Array(Type.Integer())),
  direct_leader: Type.Optional(texts),
  main_department: Type.Optional(id),
  /** 1 active, 2 disabled, 4 not activated, 5 quit. */
  status: Type.Optional(Type.Integer()),
  /** "0" undefined, "1" male, "2" female. WeCom sends a string, some WeCom-compatible servers a number. */
  gender: Type.Optional(Type.Union([Type.String(), Type.Integer()])),
  mobile: optionalText,
  email: optionalText,
  biz_mail: optionalText,
  avatar: optionalText,
  thumb_avatar: optionalText,
  alias: optionalText,
  position: optionalText,
  telephone: optionalText,
  address: optionalText,
  english_name: optionalText,
  open_userid: optionalText,
  qr_code: optionalText,
  extattr: Type.Optional(Type.Object({ attrs: Type.Optional(Type.Array(attribute)) })),
})
export type WecomMember = Static<typeof member>

const memberName = Type.Object({
  userid: Type.String({ minLength: 1 }),
  name: Type.String(),
  department: Type.Optional(Type.Array(id)),
  open_userid: optionalText,
})
export const shapes = {
  departmentList: Type.Object({ department: Type.Array(department) }),
  departmentSimpleList: Type.Object({ department_id: Type.Array(departmentId) }),
  departmentGet: Type.Object({ department }),
  userGet: member,
  userList: Type.Object({ userlist: Type.Array(member) }),
  userSimpleList: Type.Object({ userlist: Type.Array(memberName) }),
  userListId: Type.Object({
    next_cursor: optionalText,
    dept_user: Type.Array(Type.Object({ userid: Type.String({ minLength: 1 }), department: id })),
  }),
  tagList: Type.Object({ taglist: Type.Array(Type.Object({ tagid: id, tagname: Type.String() })) }),
  tagGet: Type.Object({
    tagname: Type.String(),
    userlist: Type.Array(Type.Object({ userid: Type.String({ minLength: 1 }), name: optionalText })),
    partylist: Type.Array(id),
  }),
  /** A string joined by `|` and an array, both absent when everything was valid. A write's answer must have an errcode. */
  tagUsers: Type.Object({
    invalidlist: optionalText,
    invalidparty: Type.Optional(Type.Union([Type.Array(id), Type.String()])),
  }),
  agentGet: Type.Object({
    agentid: id,
    name: Type.String(),
    square_logo_url: optionalText,
    description: optionalText,
    allow_userinfos: Type.Optional(
      Type.Object({ user: Type.Optional(Type.Array(Type.Object({ userid: Type.String() }))) }),
    ),
    allow_partys: Type.Optional(Type.Object({ partyid: Type.Optional(Type.Array(id)) })),
    allow_tags: Type.Optional(Type.Object({ tagid: Type.Optional(Type.Array(id)) })),
    close: Type.Optional(Type.Integer()),
    redirect_domain: optionalText,
    home_url: optionalText,
  }),
  agentList: Type.Object({
    agentlist: Type.Array(Type.Object({ agentid: id, name: Type.String(), square_logo_url: optionalText })),
  }),
  /** Some hosts still use the old spellings `UserId` and `OpenId` (docs/upstream/wecom-sign-in.md#oauth-in-the-client). */
  getUserInfo: Type.Object({
    userid: optionalText,
    UserId: optionalText,
    openid: optionalText,
    OpenId: optionalText,
    external_userid: optionalText,
    user_ticket: optionalText,
  }),
  getUserDetail: Type.Object({
    userid: Type.String({ minLength: 1 }),
    gender: Type.Optional(Type.Union([Type.String(), Type.Integer()])),
    avatar: optionalText,
    qr_code: optionalText,
    mobile: optionalText,
    email: optionalText,
    biz_mail: optionalText,
    address: optionalText,
  }),
  convertToOpenid: Type.Object({ openid: Type.String({ minLength: 1 }) }),
  apiDomainIps: Type.Object({ ip_list: texts }),
  jsTicket: Type.Object({
    ticket: Type.String({ minLength: 1 }),
    /** In seconds. */
    expires_in: Type.Integer({ minimum: 1 }),
  }),
  gettoken: Type.Object({
    access_token: Type.String({ minLength: 1 }),
    /** In seconds. */
    expires_in: Type.Integer({ minimum: 1 }),
  }),
}
export type Shapes = typeof shapes
export type ShapeName = keyof Shapes
export type ShapeValue<N extends ShapeName> = Static<Shapes[N]>

/**
 * Checks an answer and returns it with the type of its shape; nothing is copied or dropped.
 * @throws WecomUnavailable with reason `json`, naming the first field that is missing or wrong
 */
export function checkShape<N extends ShapeName>(name: N, path: string, answer: unknown): ShapeValue<N> {
  return checked(
    shapes[name],
    answer,
    detail => new WecomUnavailable(path, 'json', detail, { status: 200, ambiguous: true }),
  )
}
