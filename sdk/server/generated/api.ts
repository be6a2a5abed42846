// Written by scripts/generate-sdk.ts from the declarations of the calls. Change those instead.
import type { CallOptions, WispFile } from '../operation.ts'

export type Department = {
  /** 部门 id · Id of the department */
  orgId: string
  /** 部门名称 · Name of the department */
  orgName: string
  /** 企业 id · Id of the corp */
  corpId: string
  /** 父部门 id，根部门为 "0" · Id of the parent department; "0" for the root */
  parentId: string
  /** 排序号，值大的排序靠前 · Order: higher comes first */
  sortNo: number
}

export type EntitledDepartment = {
  /** 部门 id · Id of the department */
  orgId: string
  /** 部门名称 · Name of the department */
  orgName: string
  /** 企业 id · Id of the corp */
  corpId: string
  /** 父部门 id，根部门为 "0" · Id of the parent department; "0" for the root */
  parentId: string
  /** 排序号，值大的排序靠前；此接口中为字符串 · Order: higher comes first; a text in this call */
  sortNo: string
}

export type Member = {
  /** 用户 id · Id of the member */
  userId: string
  /** 用户姓名 · Name */
  userName: string
  /** 主部门 id · Id of the main department */
  orgId: string
  /** 手机号；没有 directory:mobile 权限时打码 · Mobile number; masked without the permission directory:mobile */
  mobile: string
  /** 别名 · Alias */
  alias: string
  /** 头像文件 id，用于 /api/file/get · File id of the picture, for /api/file/get */
  fileId: string
  /** 0-未定义；1-男；2-女 · 0 unknown; 1 male; 2 female */
  sex: string
  /** 邮箱：企业微信通讯录的 email 字段，或管理员补充的；不是企业邮箱 (biz_mail)，没有时为空 · Mail address: the field email of WeCom's address book, or what administrators supplied; never WeCom's own mailbox (biz_mail); empty where there is none */
  email: string
  /** 地址 · Address */
  address: string
  /** 1-已激活；2-已禁用；4-未激活；6-外部人员（external=1） · 1 active; 2 disabled; 4 not activated; 6 from outside WeCom (external=1) */
  status: number
  /** 头像链接，一小时内有效 · Link to the picture, good for an hour */
  avatarUrl: string
}

export type MemberWithDepartments = {
  /** 用户 id · Id of the member */
  userId: string
  /** 用户姓名 · Name */
  userName: string
  /** 主部门 id · Id of the main department */
  orgId: string
  /** 手机号；没有 directory:mobile 权限时打码 · Mobile number; masked without the permission directory:mobile */
  mobile: string
  /** 别名 · Alias */
  alias: string
  /** 头像文件 id，用于 /api/file/get · File id of the picture, for /api/file/get */
  fileId: string
  /** 0-未定义；1-男；2-女 · 0 unknown; 1 male; 2 female */
  sex: string
  /** 邮箱：企业微信通讯录的 email 字段，或管理员补充的；不是企业邮箱 (biz_mail)，没有时为空 · Mail address: the field email of WeCom's address book, or what administrators supplied; never WeCom's own mailbox (biz_mail); empty where there is none */
  email: string
  /** 地址 · Address */
  address: string
  /** 1-已激活；2-已禁用；4-未激活；6-外部人员（external=1） · 1 active; 2 disabled; 4 not activated; 6 from outside WeCom (external=1) */
  status: number
  /** 头像链接，一小时内有效 · Link to the picture, good for an hour */
  avatarUrl: string
  orgList: Department[]
}

export type ProfiledMember = {
  /** 用户 id · Id of the member */
  userId: string
  /** 用户姓名 · Name */
  userName: string
  /** 主部门 id · Id of the main department */
  orgId: string
  /** 手机号；没有 directory:mobile 权限时打码 · Mobile number; masked without the permission directory:mobile */
  mobile: string
  /** 别名 · Alias */
  alias: string
  /** 头像文件 id，用于 /api/file/get · File id of the picture, for /api/file/get */
  fileId: string
  /** 0-未定义；1-男；2-女 · 0 unknown; 1 male; 2 female */
  sex: string
  /** 邮箱：企业微信通讯录的 email 字段，或管理员补充的；不是企业邮箱 (biz_mail)，没有时为空 · Mail address: the field email of WeCom's address book, or what administrators supplied; never WeCom's own mailbox (biz_mail); empty where there is none */
  email: string
  /** 地址 · Address */
  address: string
  /** 1-已激活；2-已禁用；4-未激活；6-外部人员（external=1） · 1 active; 2 disabled; 4 not activated; 6 from outside WeCom (external=1) */
  status: number
  /** 头像链接，一小时内有效 · Link to the picture, good for an hour */
  avatarUrl: string
  /** 职务 · Position */
  position?: string
  /** 主部门；不在数据范围内时为其可见的第一个部门，没有则为空 · Main department; outside of your data scope the first one that you see, empty when there is none */
  mainDepartment?: {
    orgId: string
    orgName: string
  }
  /** 直属上级，只含数据范围内的 · Direct leaders, those within your data scope */
  directLeaders?: {
    userId: string
    userName: string
  }[]
  /** 工号：名为“工号”“员工编号”等的扩展属性的值，没有则为空 · Employee number: the extended attribute named 工号, “employee number” or the like; empty when there is none */
  employeeNumber?: string
  /** 企业微信的扩展属性，按其顺序 · WeCom's extended attributes, in their order */
  extattr?: {
    /** 名称 · Name */
    name: string
    /** 内容；网页为其标题 · Value; the title of a link */
    value: string
    /** 网页的地址，其他为空 · Address of a link, otherwise empty */
    url: string
  }[]
}

export type ProfiledMemberWithDepartments = {
  /** 用户 id · Id of the member */
  userId: string
  /** 用户姓名 · Name */
  userName: string
  /** 主部门 id · Id of the main department */
  orgId: string
  /** 手机号；没有 directory:mobile 权限时打码 · Mobile number; masked without the permission directory:mobile */
  mobile: string
  /** 别名 · Alias */
  alias: string
  /** 头像文件 id，用于 /api/file/get · File id of the picture, for /api/file/get */
  fileId: string
  /** 0-未定义；1-男；2-女 · 0 unknown; 1 male; 2 female */
  sex: string
  /** 邮箱：企业微信通讯录的 email 字段，或管理员补充的；不是企业邮箱 (biz_mail)，没有时为空 · Mail address: the field email of WeCom's address book, or what administrators supplied; never WeCom's own mailbox (biz_mail); empty where there is none */
  email: string
  /** 地址 · Address */
  address: string
  /** 1-已激活；2-已禁用；4-未激活；6-外部人员（external=1） · 1 active; 2 disabled; 4 not activated; 6 from outside WeCom (external=1) */
  status: number
  /** 头像链接，一小时内有效 · Link to the picture, good for an hour */
  avatarUrl: string
  orgList: Department[]
  /** 职务 · Position */
  position?: string
  /** 主部门；不在数据范围内时为其可见的第一个部门，没有则为空 · Main department; outside of your data scope the first one that you see, empty when there is none */
  mainDepartment?: {
    orgId: string
    orgName: string
  }
  /** 直属上级，只含数据范围内的 · Direct leaders, those within your data scope */
  directLeaders?: {
    userId: string
    userName: string
  }[]
  /** 工号：名为“工号”“员工编号”等的扩展属性的值，没有则为空 · Employee number: the extended attribute named 工号, “employee number” or the like; empty when there is none */
  employeeNumber?: string
  /** 企业微信的扩展属性，按其顺序 · WeCom's extended attributes, in their order */
  extattr?: {
    /** 名称 · Name */
    name: string
    /** 内容；网页为其标题 · Value; the title of a link */
    value: string
    /** 网页的地址，其他为空 · Address of a link, otherwise empty */
    url: string
  }[]
}

export type DepartmentRow = {
  /** 部门 id · Id of the department */
  orgId: string
  /** 部门名称 · Name of the department */
  orgName: string
  /** 企业 id · Id of the corp */
  corpId: string
  /** 父部门 id，根部门为 "0" · Id of the parent department; "0" for the root */
  parentId: string
  /** 排序号，值大的排序靠前 · Order: higher comes first */
  sortNo: number
  /** 0-管理；1-查看；2-仅有下级部门的权限 · 0 may manage; 1 may see; 2 only departments below may be seen */
  isAll: string
  /** 可见的直接子部门数 · How many visible departments are directly below */
  childCount: number
  userList: Member[]
}

export type Tag = {
  tagId: string
  tagName: string
}

export type TagMembers = {
  tagId: string
  tagName: string
  userList: {
    userId: string
    userName: string
  }[]
  orgList: {
    orgId: string
    orgName: string
  }[]
}

export type CreatedBill = {
  /** 账单 id · Id of the bill */
  billId: string
  /** 账单号 · Number of the bill */
  billNo: string
  /** 创建时付款成员的 userId · userId of the payer when the bill was made */
  userId: string
  /** 创建时付款成员的姓名 · Name of the payer when the bill was made */
  userName: string
  /** 名称 · Name */
  title: string
  /** 金额，单位分 · Amount in fen */
  amount: number
  /** 创建时间 · Made at */
  createdAt: string
}

export type Bill = {
  /** 账单 id · Id of the bill */
  billId: string
  /** 账单号 · Number of the bill */
  billNo: string
  /** 付款成员现在的 userId · userId of the payer now */
  userId: string
  /** 付款成员现在的姓名 · Name of the payer now */
  userName: string
  /** 名称 · Name */
  title: string
  /** 金额，单位分 · Amount in fen */
  amount: number
  /** 创建时间 · Made at */
  createdAt: string
  /** 明细 · Items */
  items: {
    /** 名称 · Name */
    name: string
    /** 单价，单位分 · Price of one in fen */
    amount: number
    /** 数量 · How many */
    quantity: number
  }[]
  /** 到期时间 · Due at */
  dueAt: string
  /** 备注 · Remark */
  remark: string
  /** 附件链接 · Link to the attachment */
  attachmentUrl: string
  /** 指定的商户号；默认商户为空 · Merchant; empty for the default one */
  mchId: string
  /** open 待付款；paid 已付款；closed 已关闭 · open; paid; closed */
  state: 'open' | 'paid' | 'closed'
  /** 已退款金额，单位分 · Refunded, in fen */
  refunded: number
  /** 微信支付订单号，付款后才有 · Transaction id of WeChat Pay, once paid */
  transactionId: string
  /** 通知付款人的时间 · Payer told at */
  toldAt: string
  /** 付款人首次查看的时间 · First seen by the payer at */
  seenAt: string
  /** 付款时间 · Paid at */
  paidAt: string
  /** 关闭时间 · Closed at */
  closedAt: string
}

export type Follower = {
  /** 粉丝在这个公众号的 openid · openid of the follower at this account */
  openid: string
  /** 绑定微信开放平台后才有 · Only for accounts of a WeChat open platform */
  unionid: string
  /** 绑定的成员；未绑定或不在数据范围内为空 · The member who is linked; empty when nobody is, or not within the data scope */
  userId: string
  /** 是否关注中 · Whether they follow now */
  subscribed: boolean
  /** 关注时间 · Follows since */
  subscribedAt: string
  /** 取消关注的时间 · Left at */
  unsubscribedAt: string
  /** 昵称，本人同意后才有 · Nickname, once the person agreed */
  nickname: string
  /** 头像，本人同意后才有 · Picture, once the person agreed */
  avatar: string
  /** 备注 · Remark */
  remark: string
  /** 标签 · Tags */
  tagIds: number[]
  /** 来源，微信的 subscribe_scene · Where from: subscribe_scene of WeChat */
  scene: string
  /** 最近一次扫的二维码的场景值 · Scene of the QR code that was scanned last */
  qrScene: string
  /** 是否在黑名单 · Whether they are blocked */
  blocked: boolean
}

export type OfficialAccount = {
  /** 原始 ID · Original id */
  originalId: string
  /** 名称 · Name */
  name: string
  /** AppID */
  appId: string
  /** subscription 公众号（原订阅号）；service 服务号 · subscription (订阅号) or service (服务号) */
  kind: 'subscription' | 'service'
  /** 是否通过微信认证 · Whether WeChat has verified it */
  verified: boolean
  /** 是否启用 · Whether it is enabled */
  enabled: boolean
}

export type Webhook = {
  /** 订阅 id · Id of the webhook */
  webhookId: string
  /** 接收地址 · Where events go */
  url: string
  /** 事件类型或其点号前的部分；空数组为全部 · Types of events, or what stands before their dots; all when empty */
  types: string[]
  /** 说明 · Description */
  description: string
  /** on 启用；off 停用 · on or off */
  state: 'on' | 'off'
  /** 停用原因：developer 自己停用；failing 连续三天没有一次成功；gone 接收方应答 410 · Why it is off: developer by its developer; failing without a success for three days; gone after a 410 */
  offReason: '' | 'developer' | 'failing' | 'gone'
  /** 停用时间；没有时为空 · Off since; empty when it is not */
  offAt: string
  /** 已处理到的编号 · Dealt with up to this number */
  seq: number
  /** 等待投递的事件数 · How many events wait */
  waiting: number
  /** 放弃投递的事件数 · How many events were given up */
  failed: number
  /** 从何时起没有一次成功；没有时为空 · Without a success since; empty when that is not so */
  failingSince: string
  /** 连续失败，暂停到何时；没有时为空 · Paused until, after failures; empty when it is not */
  pausedUntil: string
  /** 最近一次成功的时间；没有时为空 · Last success; empty without one */
  succeededAt: string
  /** 旧密钥失效的时间；没有时为空 · When the old secret ends; empty without one */
  oldSecretEndsAt: string
  /** 创建时间 · Made at */
  createdAt: string
}

export type Delivery = {
  /** 事件编号 · Number of the event */
  seq: number
  /** 请求头 webhook-id · The header webhook-id */
  webhookMessageId: string
  /** 事件类型 · Type of event */
  type: string
  /** 事件所关于的对象，同一对象的事件按顺序投递 · What the event is about; events of one object come in order */
  entity: string
  /** waiting 等待投递或重试；done 已收到；failed 已放弃；skipped 投递时已不在数据范围内 · waiting to be delivered or retried; done: received; failed: given up; skipped: no longer within the data scope */
  state: 'waiting' | 'done' | 'failed' | 'skipped'
  /** 已尝试次数 · How many attempts */
  attempts: number
  /** 加入队列的时间 · Queued at */
  createdAt: string
  /** 下次尝试的时间；没有时为空 · Next attempt at; empty without one */
  nextAt: string
  /** 结束时间；没有时为空 · Ended at; empty when it has not */
  endedAt: string
  /** 最近一次应答的 HTTP 状态；没有应答为 0 · HTTP status of the last answer; 0 without one */
  status: number
  /** 最近一次失败的原因 · Why it failed last */
  error: string
}

export type OfficialEvent = {
  /** 编号 · Number */
  id: number
  /** 公众号 · Official account */
  originalId: string
  /** 消息的 MsgType；事件的 Event · MsgType of a message; Event of an event */
  type: string
  /** 粉丝的 openid · openid of the follower */
  openid: string
  /** 微信给出的时间 · The time that WeChat gave */
  at: string
  /** 推送的全部字段，名称同微信；数字为字符串 · All fields of the push, named as by WeChat; numbers are strings */
  fields: unknown
}

export type OrgAuthListInput = {
  /** 平台登录凭证 · The ticket with which the platform opened your page */
  jessionId?: string | undefined
  /** 用户 id · Id of the member */
  userId?: string | undefined
}

export type OrgAuthListOutput = {
  list: EntitledDepartment[]
}

export type UserGetInput = {
  /** 用户 id · Id of the member */
  userId: string
  /** 另外返回的字段，| 分隔：position 职务，mainDepartment 主部门，directLeaders 直属上级，employeeNumber 工号，extattr 扩展属性。需要 directory:profile 权限；不填则都不返回 · Further fields to answer, separated by |: position, mainDepartment, directLeaders, employeeNumber, extattr. Takes directory:profile; none of them without it */
  fields?: readonly ('position' | 'mainDepartment' | 'directLeaders' | 'employeeNumber' | 'extattr')[] | string | undefined
  /** 1：外部人员（须有权限 directory:external，数据范围为整个企业） · 1: people from outside WeCom (needs the scope directory:external and the whole corp as data scope) */
  external?: '0' | '1' | undefined
}

export type UserGetOutput = ProfiledMemberWithDepartments

export type UserSearchInput = {
  /** 搜索参数 · What to search for */
  searchName: string
  /** 页数，从 1 开始 · Page, from 1 */
  pageNo?: number | undefined
  /** 每页条数，默认 50 · How many a page; 50 by default */
  pageSize?: number | undefined
  /** 另外返回的字段，| 分隔：position 职务，mainDepartment 主部门，directLeaders 直属上级，employeeNumber 工号，extattr 扩展属性。需要 directory:profile 权限；不填则都不返回 · Further fields to answer, separated by |: position, mainDepartment, directLeaders, employeeNumber, extattr. Takes directory:profile; none of them without it */
  fields?: readonly ('position' | 'mainDepartment' | 'directLeaders' | 'employeeNumber' | 'extattr')[] | string | undefined
}

export type UserSearchOutput = {
  list: ProfiledMemberWithDepartments[]
  /** 匹配的人数；超过 1000 时不一定数完，但后面还有人时总大于已返回的 · How many match; above 1000 perhaps not all are counted, but it is above what was answered so far while there are more */
  total: number
}

export type UserFindInput = {
  /** 完整的手机号 · The whole mobile number */
  mobile?: string | undefined
  /** 完整的邮箱：应答里的 email，不含企业邮箱 (biz_mail) · The whole mail address: email of the response, not WeCom's own mailbox (biz_mail) */
  email?: string | undefined
}

export type UserFindOutput = MemberWithDepartments

export type OrgHigherListInput = {
  /** 部门 id · Id of the department */
  orgId: string
}

export type OrgHigherListOutput = {
  list: Department[]
}

export type OrgListInput = {
  /** 部门 id，不填为全量组织架构 · Id of the department; the whole tree without it */
  orgId?: string | undefined
  /** 是否递归，0-否（默认），1-是 · Whether to go down all levels: 0 no (default), 1 yes */
  fetchChild?: '0' | '1' | undefined
  /** 是否查询部门下成员，递归时不支持 · Whether to list members too; not when going down all levels */
  fetchUser?: '0' | '1' | undefined
  /** 平台登录凭证 · The ticket with which the platform opened your page */
  jessionId?: string | undefined
  /** 标签 id · Id of the tag */
  tagId?: string | undefined
  /** 1：外部人员（须有权限 directory:external，数据范围为整个企业） · 1: people from outside WeCom (needs the scope directory:external and the whole corp as data scope) */
  external?: '0' | '1' | undefined
}

export type OrgListOutput = {
  list: DepartmentRow[]
  tagList?: Tag[]
} | TagMembers

export type UserOrgUserListInput = {
  /** 部门 id · Id of the department */
  orgId: string
  /** 是否递归，0-否（默认），1-是 · Whether to go down all levels: 0 no (default), 1 yes */
  fetchChild?: '0' | '1' | undefined
  /** 页数，从 1 开始；0 也是第一页 · Page, from 1; 0 is the first one too */
  pageNo?: number | undefined
  /** 每页条数，1 到 1000；只给 pageNo 时为 100 · How many a page, 1 to 1000; 100 with pageNo alone */
  pageSize?: number | undefined
  /** 另外返回的字段，| 分隔：position 职务，mainDepartment 主部门，directLeaders 直属上级，employeeNumber 工号，extattr 扩展属性。需要 directory:profile 权限；不填则都不返回 · Further fields to answer, separated by |: position, mainDepartment, directLeaders, employeeNumber, extattr. Takes directory:profile; none of them without it */
  fields?: readonly ('position' | 'mainDepartment' | 'directLeaders' | 'employeeNumber' | 'extattr')[] | string | undefined
  /** 1：外部人员（须有权限 directory:external，数据范围为整个企业） · 1: people from outside WeCom (needs the scope directory:external and the whole corp as data scope) */
  external?: '0' | '1' | undefined
}

export type UserOrgUserListOutput = {
  list: ProfiledMember[]
  /** 总人数 · How many in all */
  total: number
}

export type OrgTagListInput = Record<string, never>

export type OrgTagListOutput = {
  tagList: Tag[]
}

export type OrgTagUserListInput = {
  /** 标签 id · Id of the tag */
  tagId: string
}

export type OrgTagUserListOutput = TagMembers

export type OrgAddTagUsersInput = {
  /** 标签 ID · Id of the tag */
  tagId: string
  /** 成员 ID 列表 · Ids of members */
  userIdList?: readonly string[] | string | undefined
  /** 部门 ID 列表 · Ids of departments */
  partyIdList?: readonly string[] | string | undefined
}

export type OrgAddTagUsersOutput = {
  /** 无效的用户 ID，用 | 分隔 · Wrong ids of members, separated by | */
  invalUserIds: string
  /** 无效的部门 ID · Wrong ids of departments */
  invalPartyIds: string[]
}

export type OrgRemoveTagUsersInput = {
  /** 标签 ID · Id of the tag */
  tagId: string
  /** 成员 ID 列表 · Ids of members */
  userIdList?: readonly string[] | string | undefined
  /** 部门 ID 列表 · Ids of departments */
  partyIdList?: readonly string[] | string | undefined
}

export type OrgRemoveTagUsersOutput = {
  /** 无效的用户 ID，用 | 分隔 · Wrong ids of members, separated by | */
  invalUserIds: string
  /** 无效的部门 ID · Wrong ids of departments */
  invalPartyIds: string[]
}

export type FileGetInput = {
  /** 文件 id · Id of the file */
  fileId: string
}

export type FileGetOutput = WispFile

export type FileAvatarInput = {
  /** 企业 ID · Id of the corp */
  corpId: string
  /** 文件 id · Id of the file */
  fileId: string
  /** 失效时间（毫秒） · Good until (ms) */
  expires: string
  /** 签名 · Signature */
  sign: string
}

export type FileAvatarOutput = WispFile

export type DirectoryChangesInput = {
  /** 上次的 next，首次为 0 · The last next; 0 at first */
  since?: number | undefined
  /** 最多条数，默认 500 · At most so many; 500 by default */
  limit?: number | undefined
}

export type DirectoryChangesOutput = {
  list: {
    /** 变更序号，按提交顺序递增 · Number of the change, rising in the order of commits */
    seq: number
    /** department、member 或 tag · department, member or tag */
    kind: string
    /** put-新增或修改；drop-删除；rename-成员账号变更 · put: new or changed; drop: gone; rename: a member has another userid */
    op: string
    id: string
    /** rename 时的旧账号 · The old userid of a rename */
    oldId?: string
    /** put、rename 时的当前数据：部门、成员（含 orgList）或标签（tagName、userIds、orgIds） · What is so now, for put and rename: a department, a member (with orgList), or a tag (tagName, userIds, orgIds) */
    value?: unknown
  }[]
  next: number
  more: boolean
  resync: boolean
}

export type SyncControllerCallbackInput = {
  /** 通讯录变更类型 · Kind of the change */
  changeType: 'create_user' | 'update_user' | 'delete_user' | 'create_party' | 'update_party' | 'delete_party'
  /** 企业 ID · Id of the corp */
  corpId: string
  /** 用户 ID，用户信息变更必填 · Id of the member; needed for changes of members */
  userId?: string | undefined
  /** 部门 ID，部门信息变更必填 · Id of the department; needed for changes of departments */
  partyId?: string | undefined
}

export type SyncControllerCallbackOutput = Record<string, never>

export type GroupListInput = Record<string, never>

export type GroupListOutput = {
  list: {
    /** 人群 id · Id of the group */
    groupId: string
    /** 人群名称 · Name of the group */
    groupName: string
    /** 人数 · How many members are in it */
    members: number
    /** 规则是否已处理完；false 时成员还会变化 · Whether its rule has been worked through; while it is false its members still change */
    isSettled: boolean
  }[]
}

export type GroupMembersInput = {
  /** 人群 id · Id of the group */
  groupId: string
  /** 页数，从 1 开始 · Page, from 1 */
  pageNo?: number | undefined
  /** 每页条数，默认 100 · How many a page; 100 by default */
  pageSize?: number | undefined
}

export type GroupMembersOutput = {
  list: Member[]
  /** 总人数 · How many in all */
  total: number
}

export type TokenGetDevTokenInput = {
  /** 应用 id · Id of the application */
  devId: string
  /** 应用密钥 · Secret of the application */
  devSecret: string
}

export type TokenGetDevTokenOutput = {
  /** 调用接口凭证 · What calls are made with */
  devToken: string
  /** 有效秒数 · Valid for so many seconds */
  expiresIn: number
}

export type DeveloperSelfInput = Record<string, never>

export type DeveloperSelfOutput = {
  /** 开发者 id · Id of the developer */
  devId: string
  /** 名称 · Name */
  name: string
  /** 企业 id · Id of the corp */
  corpId: string
  /** 权限 · Permissions */
  scopes: string[]
  /** 企业开启的功能：official 公众号、payments 统一支付、webhooks 事件订阅、mcp、packets 报文加密 · Features that the corp has on: official (accounts), payments, webhooks, mcp, packets */
  features: string[]
  /** 报文加密：off 关闭；allowed 允许；required 必须 · Encrypted packets: off, allowed or required */
  packets: 'off' | 'allowed' | 'required'
  /** 在数据范围内存在的值，按输入的名称；没有权限或不存在的不列出 · Values that exist within the data scope, by the names of inputs; without those that do not exist or are not permitted */
  samples: Record<string, unknown>
}

export type SecurityDeviceInput = {
  /** 设备标识：1 到 64 个字母、数字或 . _ : - · Name of the device: 1 to 64 letters, digits or . _ : - */
  deviceId: string
  /** 设备的 X25519 公钥，32 字节的 base64 · X25519 public key of the device, 32 bytes in base64 */
  publicKey?: string | undefined
  /** 当前时间，秒；更换主密钥时 · The time now, in seconds; to replace a master key */
  timestamp?: string | undefined
  /** 32 位十六进制随机数，每次不同；更换主密钥时 · 32 random hexadecimal digits, others each time; to replace a master key */
  nonce?: string | undefined
  /** 以现有主密钥作出的 HMAC-SHA256，十六进制；更换主密钥时 · HMAC-SHA256 by the present master key, in hexadecimal; to replace it */
  proof?: string | undefined
}

export type SecurityDeviceOutput = {
  deviceId: string
  /** 平台为此设备生成的 X25519 公钥，base64 · X25519 public key that the platform made for this device, base64 */
  publicKey?: string
  /** 主密钥，base64；仅当没有传 publicKey · Master key, base64; only when no publicKey was sent */
  masterKey?: string
}

export type SecuritySessionInput = {
  /** 设备标识 · Name of the device */
  deviceId: string
  /** 算法：gcm（默认）或 md5 · Algorithms: gcm (default) or md5 */
  suite?: 'gcm' | 'md5' | undefined
  /** 当前时间，秒 · The time now, in seconds */
  timestamp: string
  /** 32 位十六进制随机数，每次不同 · 32 random hexadecimal digits, others each time */
  nonce: string
  /** 以主密钥作出的 HMAC-SHA256，十六进制 · HMAC-SHA256 by the master key, in hexadecimal */
  proof: string
}

export type SecuritySessionOutput = {
  /** 放在 x-wisp-session 头里 · Goes into the header x-wisp-session */
  sessionId: string
  /** 有效秒数 · Valid for so many seconds */
  expiresIn: number
}

export type UserGetInfoInput = {
  /** 平台登录凭证 · The ticket with which the platform opened your page */
  jessionId: string
}

export type UserGetInfoOutput = null | {
  corpId: string
  userId: string
  userName: string
  roleLevel: number
  orgList?: Department[]
}

export type WebhookCreateInput = {
  /** 接收地址，https:// 或 http:// · Where events go, https:// or http:// */
  url: string
  /** 事件类型，或其点号前的部分，如 directory、bill.paid；不填为全部 · Types of events, or what stands before their dots, such as directory or bill.paid; all without it */
  types?: readonly string[] | string | undefined
  /** 说明 · Description */
  description?: string | undefined
  /** 从编号大于它的事件开始；不填为从现在开始 · Begin after this number; from now on without it */
  since?: number | undefined
}

export type WebhookCreateOutput = {
  webhook: Webhook
  /** 签名密钥 whsec_…，只在此返回一次 · Secret of the signatures, whsec_…, answered here and never again */
  secret: string
}

export type WebhookUpdateInput = {
  /** 订阅 id · Id of the webhook */
  webhookId: string
  /** 接收地址 · Where events go */
  url?: string | undefined
  /** 事件类型，或其点号前的部分，如 directory、bill.paid；不填为全部 · Types of events, or what stands before their dots, such as directory or bill.paid; all without it */
  types?: readonly string[] | string | undefined
  /** 说明 · Description */
  description?: string | undefined
  /** on 启用；off 停用 · on or off */
  state?: 'on' | 'off' | undefined
  /** 从编号大于它的事件起（重新）投递 · Deliver (again) what comes after this number */
  since?: number | undefined
}

export type WebhookUpdateOutput = {
  webhook: Webhook
}

export type WebhookDeleteInput = {
  /** 订阅 id · Id of the webhook */
  webhookId: string
}

export type WebhookDeleteOutput = {
  webhookId: string
}

export type WebhookListInput = Record<string, never>

export type WebhookListOutput = {
  list: Webhook[]
}

export type WebhookGetInput = {
  /** 订阅 id · Id of the webhook */
  webhookId: string
}

export type WebhookGetOutput = {
  webhook: Webhook
}

export type WebhookRotateInput = {
  /** 订阅 id · Id of the webhook */
  webhookId: string
  /** 旧密钥再用几小时，默认 24 · How many hours the old secret stays; 24 by default */
  keepHours?: number | undefined
}

export type WebhookRotateOutput = {
  /** 签名密钥 whsec_…，只在此返回一次 · Secret of the signatures, whsec_…, answered here and never again */
  secret: string
  /** 旧密钥失效的时间 · When the old secret ends */
  oldSecretEndsAt: string
}

export type WebhookLogInput = {
  /** 订阅 id · Id of the webhook */
  webhookId: string
  /** 只要这个编号的事件，附请求与应答 · The event of this number alone, with requests and answers */
  seq?: number | undefined
  /** 状态 · State */
  state?: 'waiting' | 'done' | 'failed' | 'skipped' | undefined
  /** 事件类型，或其点号前的部分 · Type of event, or what stands before its dots */
  type?: string | undefined
  /** 只要编号小于它的 · Those with smaller numbers only */
  before?: number | undefined
  /** 最多几条，默认 50 · At most so many; 50 by default */
  limit?: number | undefined
}

export type WebhookLogOutput = {
  list: Delivery[]
  next: number
  /** 每次尝试，新的在前；只在填 seq 时有 · Each attempt, new ones first; with seq only */
  attempts: {
    /** 第几次 · Which attempt */
    n: number
    /** 时间 · Time */
    at: string
    /** HTTP 状态；没有应答为 0 · HTTP status; 0 without an answer */
    status: number
    /** 失败原因；成功时为空 · Why it failed; empty after a success */
    error: string
    /** 用时，毫秒 · Took, in ms */
    ms: number
    exchange: {
      url: string
      /** 请求头 · Headers of the request */
      headers: Record<string, string>
      /** 请求体，最多 8192 字节 · Body of the request, at most 8192 bytes */
      body: string
      /** 请求体比这里显示的长 · The body is longer than what is shown */
      isCut: boolean
      /** 应答的 Content-Type 与最多 2048 字节的内容；没有应答或不显示时为 null · Content-Type of the answer and at most 2048 bytes of it; null without one, or when it is not shown */
      answer: {
        type: string
        body: string
      } | null
    }
  }[]
}

export type WebhookTestInput = {
  /** 订阅 id · Id of the webhook */
  webhookId: string
  /** 发送哪种事件的示例，如 bill.paid；默认 webhook.test · Of which event the sample is sent, such as bill.paid; webhook.test by default */
  type?: string | undefined
}

export type WebhookTestOutput = {
  /** HTTP 状态；没有应答为 0 · HTTP status; 0 without an answer */
  status: number
  /** 失败原因；成功时为空 · Why it failed; empty after a success */
  error: string
  /** 用时，毫秒 · Took, in ms */
  ms: number
  exchange: {
    url: string
    /** 请求头 · Headers of the request */
    headers: Record<string, string>
    /** 请求体，最多 8192 字节 · Body of the request, at most 8192 bytes */
    body: string
    /** 请求体比这里显示的长 · The body is longer than what is shown */
    isCut: boolean
    /** 应答的 Content-Type 与最多 2048 字节的内容；没有应答或不显示时为 null · Content-Type of the answer and at most 2048 bytes of it; null without one, or when it is not shown */
    answer: {
      type: string
      body: string
    } | null
  }
}

export type WebhookReplayInput = {
  /** 订阅 id · Id of the webhook */
  webhookId: string
  /** 一个事件的编号 · Number of one event */
  seq?: number | undefined
  /** 起始编号（含） · First number */
  fromSeq?: number | undefined
  /** 结束编号（含） · Last number */
  toSeq?: number | undefined
  /** 起始时间 · From */
  from?: string | undefined
  /** 结束时间 · To */
  to?: string | undefined
}

export type WebhookReplayOutput = {
  /** 重新投递的事件数 · How many events are delivered again */
  count: number
}

export type TicketIssueInput = {
  /** 成员 id · Id of the member */
  userId: string
  /** 应用 id 或企业微信 agentId · Id of the app, or its agentId in WeCom */
  appId: string
}

export type TicketIssueOutput = {
  jessionId: string
  /** 有效秒数 · Valid for so many seconds */
  expiresIn: number
}

export type JssdkConfigInput = {
  /** 企业微信应用的 agentId · agentId of the app in WeCom */
  agentId: number
  /** 页面的完整地址 · Whole address of the page */
  url: string
  /** 企业微信不接受的签名，格式为 timestamp.nonceStr.signature；所用票据仍在使用时重新获取一次 · A signature that WeCom refused, as timestamp.nonceStr.signature; its ticket is fetched once more when it is still in use */
  rejected?: string | undefined
}

export type JssdkConfigOutput = {
  config: {
    beta: boolean
    appId: string
    /** 秒 · Seconds */
    timestamp: number
    nonceStr: string
    signature: string
  }
  agentConfig: {
    corpid: string
    agentid: string
    /** 秒 · Seconds */
    timestamp: number
    nonceStr: string
    signature: string
  }
}

export type TodoPutInput = {
  /** 待办 · The to-dos */
  list: readonly {
    /** 待办编号，在应用内唯一 · Number of the to-do, unique within the app */
    todoNo: string
    /** 标题 · Title */
    title: string
    /** 打开的地址，电脑和手机通用 · Where it is done, on desktops and phones */
    url?: string | undefined
    /** 电脑上打开的地址 · Where it is done on a desktop */
    pcUrl?: string | undefined
    /** 手机上打开的地址，不填与电脑相同 · Where it is done on a phone; as on a desktop without it */
    mobileUrl?: string | undefined
    /** todo 待办（默认）；read 待阅 · todo (default), or read: something to read */
    kind?: 'todo' | 'read' | undefined
    /** open 待处理（默认）；done 已办；withdrawn 已撤回 · open (default), done or withdrawn */
    state?: 'open' | 'done' | 'withdrawn' | undefined
    /** 发送方的毫秒时间戳；比已有的旧时不改变任何内容 · The sender's time in ms; one that is older than what is stored changes nothing */
    version?: number | undefined
    /** 发起人 · Who sent it */
    sender?: string | undefined
    /** 流程名称 · Name of the process */
    process?: string | undefined
    /** 当前环节 · Current step */
    step?: string | undefined
    /** 说明 · More about it */
    content?: string | undefined
    /** 截止时间，ISO 8601，带时区 · Due at, ISO 8601 with its zone */
    dueAt?: string | undefined
    /** 0 普通（默认）；1 重要；2 紧急 · 0 normal (default), 1 important, 2 urgent */
    priority?: '0' | '1' | '2' | undefined
    /** 发起时间，默认现在 · When it was sent; now by default */
    createdAt?: string | undefined
    /** app（默认）：由应用办结；person：本人可在工作台点「完成」 · app (default): the app finishes it; person: so can the person, on the workbench */
    finishBy?: 'app' | 'person' | undefined
    /** true：在企业微信给本人发卡片，办结后卡片随之改变；默认 false · true: tells the person by a card in WeCom, which changes when it has ended; false by default */
    notify?: boolean | undefined
    /** 待办人的 userId · userId of the person */
    userId: string
    /** 应用 id 或企业微信 agentId · Id of the app, or its agentId in WeCom */
    agentId: string
  }[]
}

export type TodoPutOutput = {
  list: {
    /** 待办编号；读不出时为空 · Number of the to-do; empty where it was not read */
    todoNo: string
    /** created 新建；updated 已更新；same 没有变化；stale 已有更新的版本，没有改变；refused 未写入 · created; updated; same: nothing changed; stale: a newer version was there; refused: not written */
    result: 'created' | 'updated' | 'same' | 'stale' | 'refused'
    /** 未写入时的返回码，其他为空 · The code where it was refused, otherwise empty */
    code: string
    /** 未写入的原因，其他为空 · Why it was refused, otherwise empty */
    reason: string
  }[]
}

export type TodoFinishInput = {
  /** 应用 id 或企业微信 agentId · Id of the app, or its agentId in WeCom */
  agentId: string
  /** 待办编号 · Number of the to-do */
  todoNo: string
  /** 待办人的 userId · userId of the person */
  userId?: string | undefined
}

export type TodoFinishOutput = {
  /** 这次结束了几条 · How many this ended */
  ended: number
  /** 这个编号（和人）共有几条 · How many there are of this number (and person) */
  total: number
}

export type TodoWithdrawInput = {
  /** 应用 id 或企业微信 agentId · Id of the app, or its agentId in WeCom */
  agentId: string
  /** 待办编号 · Number of the to-do */
  todoNo: string
  /** 待办人的 userId · userId of the person */
  userId?: string | undefined
}

export type TodoWithdrawOutput = {
  /** 这次结束了几条 · How many this ended */
  ended: number
  /** 这个编号（和人）共有几条 · How many there are of this number (and person) */
  total: number
}

export type TodoGetInput = {
  /** 应用 id 或企业微信 agentId · Id of the app, or its agentId in WeCom */
  agentId: string
  /** 待办编号 · Number of the to-do */
  todoNo: string
  /** 待办人的 userId · userId of the person */
  userId?: string | undefined
}

export type TodoGetOutput = {
  list: {
    /** 待办 id · Id of the to-do */
    todoId: string
    /** 应用 id · Id of the app */
    agentId: string
    /** 待办编号 · Number of the to-do */
    todoNo: string
    /** 待办人现在的 userId · userId of the person now */
    userId: string
    /** 待办人的姓名 · Name of the person */
    userName: string
    /** 现在由谁处理的 userId：委托或移交后与 userId 不同；不在数据范围内时为空 · userId of who has it now: not userId when it is delegated or passed on; empty outside of your data scope */
    holderUserId: string
    /** 现在由谁处理的姓名 · Name of who has it now */
    holderName: string
    /** todo 待办；read 待阅 · todo, or read: something to read */
    kind: 'todo' | 'read'
    /** open 待处理；done 已办；withdrawn 已撤回 · open; done; withdrawn */
    state: 'open' | 'done' | 'withdrawn'
    /** 标题 · Title */
    title: string
    /** 电脑上打开的地址 · Where it is done on a desktop */
    pcUrl: string
    /** 手机上打开的地址 · Where it is done on a phone */
    mobileUrl: string
    /** 发起人 · Who sent it */
    sender: string
    /** 流程名称 · Name of the process */
    process: string
    /** 当前环节 · Current step */
    step: string
    /** 说明 · More about it */
    content: string
    /** 0 普通；1 重要；2 紧急 · 0 normal, 1 important, 2 urgent */
    priority: '0' | '1' | '2'
    /** 由谁办结 · Who finishes it */
    finishBy: 'app' | 'person'
    /** 发送方的毫秒时间戳，没有则为空 · The sender's time in ms; empty without one */
    version: string
    /** 截止时间，没有则为空 · Due at; empty without one */
    dueAt: string
    /** 发起时间 · Sent at */
    createdAt: string
    /** 最近一次修改 · Last changed at */
    changedAt: string
    /** 本人首次打开的时间，没有则为空 · When the person first opened it; empty before */
    readAt: string
    /** 办结或撤回的时间，没有则为空 · When it was done or withdrawn; empty before */
    endedAt: string
  }[]
}

export type TodoListInput = {
  /** 应用，不填为自己的全部应用 · The app; all of your apps without it */
  agentId?: string | undefined
  /** 待办人的 userId · userId of the person */
  userId?: string | undefined
  /** todo 待办；read 待阅 · todo or read */
  kind?: 'todo' | 'read' | undefined
  /** 状态，不填为全部 · State; all without it */
  state?: 'open' | 'done' | 'withdrawn' | undefined
  /** 页码，从 1 起 · Page, from 1 */
  pageNo?: number | undefined
  /** 每页条数，默认 50 · How many a page; 50 by default */
  pageSize?: number | undefined
}

export type TodoListOutput = {
  list: {
    /** 待办 id · Id of the to-do */
    todoId: string
    /** 应用 id · Id of the app */
    agentId: string
    /** 待办编号 · Number of the to-do */
    todoNo: string
    /** 待办人现在的 userId · userId of the person now */
    userId: string
    /** 待办人的姓名 · Name of the person */
    userName: string
    /** 现在由谁处理的 userId：委托或移交后与 userId 不同；不在数据范围内时为空 · userId of who has it now: not userId when it is delegated or passed on; empty outside of your data scope */
    holderUserId: string
    /** 现在由谁处理的姓名 · Name of who has it now */
    holderName: string
    /** todo 待办；read 待阅 · todo, or read: something to read */
    kind: 'todo' | 'read'
    /** open 待处理；done 已办；withdrawn 已撤回 · open; done; withdrawn */
    state: 'open' | 'done' | 'withdrawn'
    /** 标题 · Title */
    title: string
    /** 电脑上打开的地址 · Where it is done on a desktop */
    pcUrl: string
    /** 手机上打开的地址 · Where it is done on a phone */
    mobileUrl: string
    /** 发起人 · Who sent it */
    sender: string
    /** 流程名称 · Name of the process */
    process: string
    /** 当前环节 · Current step */
    step: string
    /** 说明 · More about it */
    content: string
    /** 0 普通；1 重要；2 紧急 · 0 normal, 1 important, 2 urgent */
    priority: '0' | '1' | '2'
    /** 由谁办结 · Who finishes it */
    finishBy: 'app' | 'person'
    /** 发送方的毫秒时间戳，没有则为空 · The sender's time in ms; empty without one */
    version: string
    /** 截止时间，没有则为空 · Due at; empty without one */
    dueAt: string
    /** 发起时间 · Sent at */
    createdAt: string
    /** 最近一次修改 · Last changed at */
    changedAt: string
    /** 本人首次打开的时间，没有则为空 · When the person first opened it; empty before */
    readAt: string
    /** 办结或撤回的时间，没有则为空 · When it was done or withdrawn; empty before */
    endedAt: string
  }[]
  /** 总数 · How many in all */
  total: number
}

export type TodoCountInput = {
  /** 应用，不填为自己的全部应用 · The app; all of your apps without it */
  agentId?: string | undefined
  /** 待办人的 userId · userId of the person */
  userId?: string | undefined
  /** todo 待办；read 待阅 · todo or read */
  kind?: 'todo' | 'read' | undefined
  /** 状态，不填为全部 · State; all without it */
  state?: 'open' | 'done' | 'withdrawn' | undefined
}

export type TodoCountOutput = {
  /** 数量 · How many */
  count: number
}

export type TodoReconcileInput = {
  /** 应用 id 或企业微信 agentId · Id of the app, or its agentId in WeCom */
  agentId: string
  /** 待办人的 userId · userId of the person */
  userId: string
  /** 清单的时刻，毫秒时间戳 · The moment of the list, in ms since 1970 */
  asOf: number
  /** 未办的全部待办；没有时为空数组 · All that is open; an empty array when nothing is */
  list: readonly {
    /** 待办编号，在应用内唯一 · Number of the to-do, unique within the app */
    todoNo: string
    /** 标题 · Title */
    title: string
    /** 打开的地址，电脑和手机通用 · Where it is done, on desktops and phones */
    url?: string | undefined
    /** 电脑上打开的地址 · Where it is done on a desktop */
    pcUrl?: string | undefined
    /** 手机上打开的地址，不填与电脑相同 · Where it is done on a phone; as on a desktop without it */
    mobileUrl?: string | undefined
    /** todo 待办（默认）；read 待阅 · todo (default), or read: something to read */
    kind?: 'todo' | 'read' | undefined
    /** open 待处理（默认）；done 已办；withdrawn 已撤回 · open (default), done or withdrawn */
    state?: 'open' | 'done' | 'withdrawn' | undefined
    /** 发送方的毫秒时间戳；比已有的旧时不改变任何内容 · The sender's time in ms; one that is older than what is stored changes nothing */
    version?: number | undefined
    /** 发起人 · Who sent it */
    sender?: string | undefined
    /** 流程名称 · Name of the process */
    process?: string | undefined
    /** 当前环节 · Current step */
    step?: string | undefined
    /** 说明 · More about it */
    content?: string | undefined
    /** 截止时间，ISO 8601，带时区 · Due at, ISO 8601 with its zone */
    dueAt?: string | undefined
    /** 0 普通（默认）；1 重要；2 紧急 · 0 normal (default), 1 important, 2 urgent */
    priority?: '0' | '1' | '2' | undefined
    /** 发起时间，默认现在 · When it was sent; now by default */
    createdAt?: string | undefined
    /** app（默认）：由应用办结；person：本人可在工作台点「完成」 · app (default): the app finishes it; person: so can the person, on the workbench */
    finishBy?: 'app' | 'person' | undefined
    /** true：在企业微信给本人发卡片，办结后卡片随之改变；默认 false · true: tells the person by a card in WeCom, which changes when it has ended; false by default */
    notify?: boolean | undefined
  }[]
}

export type TodoReconcileOutput = {
  list: {
    /** 待办编号 · Number of the to-do */
    todoNo: string
    /** created 新建；updated 已更新；same 没有变化；stale 已有更新的版本；withdrawn 已撤回；kept 清单之后修改，保留 · created; updated; same; stale: a newer version was there; withdrawn; kept: changed after the list */
    result: 'created' | 'updated' | 'same' | 'stale' | 'withdrawn' | 'kept'
  }[]
}

export type BadgeSetInput = {
  /** 应用 id 或企业微信 agentId · Id of the app, or its agentId in WeCom */
  agentId: string
  /** 成员与数字 · Members and numbers */
  list: readonly {
    /** 成员的 userId · userId of the member */
    userId: string
    /** 数字，0 为不显示 · The number; 0 shows none */
    count: number
  }[]
}

export type BadgeSetOutput = {
  /** 设置了几人 · For how many */
  set: number
}

export type ApprovalApplyInput = {
  /** 模板 id · Id of the template */
  templateId: string
  /** 申请人的成员 ID · userId of the applicant */
  userId: string
  /** 字段名到值 · Values by names of fields */
  fields: Record<string, unknown>
  /** 审批流程，依次的环节：userIds，mode（all 会签、any 或签、order 依次），kind（approve 审批、copy 抄送、handle 办理）；不填用模板的流程 · Steps one after the other: userIds, mode (all, any, order) and kind (approve, copy, handle); else the flow of the template */
  approvers?: readonly {
    userIds: readonly string[]
    mode?: 'all' | 'any' | 'order' | undefined
    kind?: 'approve' | 'copy' | 'handle' | undefined
  }[] | undefined
  /** mediaId 列表，用于模板唯一的文件字段；也可以写在 fields 里 · mediaIds for the only field of files that the template has; they may stand in fields too */
  files?: readonly string[] | undefined
  /** 自己生成的请求 id · Id of the request, of your own */
  requestId: string
}

export type ApprovalApplyOutput = {
  /** 审批单号，文字（可能超过 2^53）；自建流程和未知的为空 · Number of the approval, a text since it may pass 2^53; empty for own flows and while it is unknown */
  spNo: string
  /** pending 审批中；approved 通过；rejected 驳回；withdrawn 撤销；revoked 通过后撤销；deleted 删除；paid 已支付；applying 提交的应答丢失，正在查询；unknown 没有查到，不再提交 · pending, approved, rejected, withdrawn, revoked (withdrawn after it passed), deleted, paid; applying: the answer to the submission was lost and it is looked for; unknown: it was not found, and is not submitted again */
  status: 'applying' | 'unknown' | 'pending' | 'approved' | 'rejected' | 'withdrawn' | 'revoked' | 'deleted' | 'paid'
}

export type ApprovalGetInput = {
  /** 审批单号 · Number of the approval */
  spNo?: string | undefined
  /** 自建流程的单号 · Number within an own flow */
  thirdNo?: string | undefined
  /** 提交时的 requestId · requestId of the submission */
  requestId?: string | undefined
}

export type ApprovalGetOutput = {
  /** 审批单号，文字（可能超过 2^53）；自建流程和未知的为空 · Number of the approval, a text since it may pass 2^53; empty for own flows and while it is unknown */
  spNo: string
  /** 自建流程的单号 · Number within an own flow */
  thirdNo: string
  /** 模板 id · Id of the template */
  templateId: string
  /** 模板名称 · Name of the template */
  name: string
  /** pending 审批中；approved 通过；rejected 驳回；withdrawn 撤销；revoked 通过后撤销；deleted 删除；paid 已支付；applying 提交的应答丢失，正在查询；unknown 没有查到，不再提交 · pending, approved, rejected, withdrawn, revoked (withdrawn after it passed), deleted, paid; applying: the answer to the submission was lost and it is looked for; unknown: it was not found, and is not submitted again */
  status: 'applying' | 'unknown' | 'pending' | 'approved' | 'rejected' | 'withdrawn' | 'revoked' | 'deleted' | 'paid'
  /** 申请人 · Who applied */
  userId: string
  /** 由本开发者提交时的 requestId · requestId, where this developer submitted it */
  requestId: string
  /** 当前环节，从 1 起；0 为已结束 · The step that waits, from 1; 0 once it has ended */
  step: number
  /** 现在由谁处理 · Who has it now */
  waitsFor: string[]
  /** 当前环节从何时起 · Since when the present step waits, or when it ended */
  since: string
  /** 提交时间 · When it was submitted */
  createdAt: string
  /** 各环节 · Its steps */
  steps: {
    /** approve 审批；copy 抄送；handle 办理 · approve, copy or handle */
    kind: 'approve' | 'copy' | 'handle'
    /** all 会签；any 或签；order 依次 · all, any, or one after the other */
    mode: 'all' | 'any' | 'order'
    /** pending 待处理；approved 同意；rejected 驳回；transferred 转审或转交；returned 退回；added 加签；approvedAndAdded 同意并加签；handled 已办理；other 企业微信的其他状态 · pending, approved, rejected, transferred (handed over), returned (to an earlier approver), added (another approver), approvedAndAdded, handled; other: a state that wisp does not have a word for */
    status: 'pending' | 'approved' | 'rejected' | 'transferred' | 'returned' | 'added' | 'approvedAndAdded' | 'handled' | 'other'
    people: {
      /** 成员 ID；不在数据范围内时为空 · userId; empty outside the data scope */
      userId: string
      /** pending 待处理；approved 同意；rejected 驳回；transferred 转审或转交；returned 退回；added 加签；approvedAndAdded 同意并加签；handled 已办理；other 企业微信的其他状态 · pending, approved, rejected, transferred (handed over), returned (to an earlier approver), added (another approver), approvedAndAdded, handled; other: a state that wisp does not have a word for */
      status: 'pending' | 'approved' | 'rejected' | 'transferred' | 'returned' | 'added' | 'approvedAndAdded' | 'handled' | 'other'
      /** 处理时间；未处理为空 · When; empty while it is pending */
      at: string
      /** 审批意见 · What they wrote */
      speech: string
    }[]
  }[]
  /** 填写的内容 · What was filled in */
  fields: {
    /** 字段名 · Name of the field */
    name: string
    /** 值，形式同提交时；成员字段没有数据范围外的成员 · Value, as it is submitted; members outside the data scope are left out */
    value: unknown
  }[]
}

export type ApprovalListInput = {
  /** 模板 id · Id of the template */
  templateId?: string | undefined
  /** 申请人 · Who applied */
  userId?: string | undefined
  /** pending 审批中；approved 通过；rejected 驳回；withdrawn 撤销；revoked 通过后撤销；deleted 删除；paid 已支付；applying 提交的应答丢失，正在查询；unknown 没有查到，不再提交 · pending, approved, rejected, withdrawn, revoked (withdrawn after it passed), deleted, paid; applying: the answer to the submission was lost and it is looked for; unknown: it was not found, and is not submitted again */
  status?: 'pending' | 'approved' | 'rejected' | 'withdrawn' | 'revoked' | 'deleted' | 'paid' | undefined
  /** 上一页的 nextId · nextId of the page before */
  afterId?: number | undefined
  /** 每页条数，默认 20，最多 200 · How many: 20 by default, at most 200 */
  pageSize?: number | undefined
}

export type ApprovalListOutput = {
  list: {
    /** 审批单号，文字（可能超过 2^53）；自建流程和未知的为空 · Number of the approval, a text since it may pass 2^53; empty for own flows and while it is unknown */
    spNo: string
    /** 自建流程的单号 · Number within an own flow */
    thirdNo: string
    /** 模板 id · Id of the template */
    templateId: string
    /** 模板名称 · Name of the template */
    name: string
    /** pending 审批中；approved 通过；rejected 驳回；withdrawn 撤销；revoked 通过后撤销；deleted 删除；paid 已支付；applying 提交的应答丢失，正在查询；unknown 没有查到，不再提交 · pending, approved, rejected, withdrawn, revoked (withdrawn after it passed), deleted, paid; applying: the answer to the submission was lost and it is looked for; unknown: it was not found, and is not submitted again */
    status: 'applying' | 'unknown' | 'pending' | 'approved' | 'rejected' | 'withdrawn' | 'revoked' | 'deleted' | 'paid'
    /** 申请人 · Who applied */
    userId: string
    /** 由本开发者提交时的 requestId · requestId, where this developer submitted it */
    requestId: string
    /** 当前环节，从 1 起；0 为已结束 · The step that waits, from 1; 0 once it has ended */
    step: number
    /** 现在由谁处理 · Who has it now */
    waitsFor: string[]
    /** 当前环节从何时起 · Since when the present step waits, or when it ended */
    since: string
    /** 提交时间 · When it was submitted */
    createdAt: string
  }[]
  /** 下一页的 afterId；没有时为空 · afterId of the next page; empty at the end */
  nextId: string
}

export type ApprovalTemplatesInput = Record<string, never>

export type ApprovalTemplatesOutput = {
  list: {
    /** 模板 id · Id of the template */
    templateId: string
    /** 模板名称 · Name of the template */
    name: string
    /** wecom 由 approval/apply 提交；own 由页面发起的自建流程 · wecom: submitted by approval/apply; own: an own flow, which a page starts */
    flow: 'wecom' | 'own'
    /** 字段 · Its fields */
    fields: {
      /** 字段名，用作 fields 的键 · Name, which is its key in fields */
      name: string
      /** 种类：text、number、date、time、dateRange、choice、choices、members、departments、files、location、approvals、leave、bank、rows；other 不能由接口提交 · Kind: text, number, date, time, dateRange, choice, choices, members, departments, files, location, approvals, leave, bank, rows; other cannot be submitted by the API */
      kind: string
      /** 是否必填 · Whether it needs a value */
      required: boolean
      /** 选项 · Its options */
      options: string[]
      /** 明细的列 · Columns of rows */
      columns: {
        /** 字段名，用作 fields 的键 · Name, which is its key in fields */
        name: string
        /** 种类：text、number、date、time、dateRange、choice、choices、members、departments、files、location、approvals、leave、bank、rows；other 不能由接口提交 · Kind: text, number, date, time, dateRange, choice, choices, members, departments, files, location, approvals, leave, bank, rows; other cannot be submitted by the API */
        kind: string
        /** 是否必填 · Whether it needs a value */
        required: boolean
        /** 选项 · Its options */
        options: string[]
      }[]
    }[]
    /** 可以提交 · May be submitted */
    mayApply: boolean
    /** 可以查看全部审批 · All its approvals may be seen */
    mayReadAll: boolean
  }[]
}

export type AgentMediaInput = {
  /** 媒体 id · Id of the media */
  mediaId: string
}

export type AgentMediaOutput = WispFile

export type OfficialAccountsInput = Record<string, never>

export type OfficialAccountsOutput = {
  list: OfficialAccount[]
}

export type OfficialFollowerGetInput = {
  /** 公众号的原始 ID（gh_…） · Original id of the official account (gh_…) */
  originalId: string
  /** 粉丝的 openid · openid of the follower */
  openid?: string | undefined
  /** 粉丝的 unionid · unionid of the follower */
  unionid?: string | undefined
  /** 绑定的成员 · The member who is linked */
  userId?: string | undefined
}

export type OfficialFollowerGetOutput = Follower

export type OfficialFollowerListInput = {
  /** 公众号的原始 ID（gh_…） · Original id of the official account (gh_…) */
  originalId: string
  /** 只要这些 openid · These openids only */
  openids?: readonly string[] | string | undefined
  /** 只要这些 unionid · These unionids only */
  unionids?: readonly string[] | string | undefined
  /** 只要绑定了这些成员的 · Only those linked to these members */
  userIds?: readonly string[] | string | undefined
  /** 1 关注中，0 已取消关注 · 1 follows, 0 has left */
  subscribed?: '1' | '0' | undefined
  /** 标签 · Tags */
  tagId?: number | undefined
  /** 从这个 openid 之后开始 · Begin after this openid */
  afterOpenid?: string | undefined
  /** 最多返回多少个，默认 100 · At most so many; 100 by default */
  limit?: number | undefined
}

export type OfficialFollowerListOutput = {
  list: Follower[]
  nextOpenid: string
}

export type OfficialMessageSendInput = {
  /** 公众号的原始 ID（gh_…） · Original id of the official account (gh_…) */
  originalId: string
  /** 粉丝的 openid · openid of the follower */
  openid?: string | undefined
  /** 绑定的成员；与 openid 填一个 · The member who is linked; give this or openid */
  userId?: string | undefined
  /** 消息类型 · Kind of the message */
  type: 'text' | 'image' | 'voice' | 'news' | 'miniprogram'
  /** text：文本，最多 2048 字节 · text: at most 2048 bytes */
  content?: string | undefined
  /** image、voice：微信的 media_id；miniprogram：封面的 media_id · image, voice: media_id of WeChat; miniprogram: media_id of the cover */
  mediaId?: string | undefined
  /** news：标题，最多 64 个字；miniprogram：标题 · news: title, at most 64 characters; miniprogram: title */
  title?: string | undefined
  /** news：描述 · news: description */
  description?: string | undefined
  /** news：点开的链接 · news: where it leads */
  url?: string | undefined
  /** news：图片链接 · news: address of the picture */
  picUrl?: string | undefined
  /** miniprogram：小程序的 AppID · miniprogram: its AppID */
  appId?: string | undefined
  /** miniprogram：小程序页面 · miniprogram: its page */
  pagePath?: string | undefined
  /** 幂等号：90 天内相同的 requestId 只发送一次 · Idempotency key: sent once within 90 days for the same requestId */
  requestId?: string | undefined
}

export type OfficialMessageSendOutput = {
  /** 消息编号 · Number of the message */
  sendId: string
  /** sent 已发出；waiting、sending 还没有结果；failed 没有发出；unknown 无法确认是否送达 · sent; waiting, sending: no result yet; failed: not sent; unknown: nobody knows whether it arrived */
  state: 'waiting' | 'sending' | 'sent' | 'failed' | 'unknown'
  /** closed 不在可发送的时间内；usedUp 条数已用完；refused 微信拒绝；disabled 公众号已停用；unclear、interrupted 无法确认；noAnswer 微信没有应答；failed 发送失败；没有问题时为空 · closed: not at a time when it may be sent; usedUp: no messages left; refused by WeChat; disabled account; unclear, interrupted: nobody knows; noAnswer of WeChat; failed; empty when nothing is wrong */
  reason: string
  /** 微信拒绝时的 errcode，否则为 0 · errcode when WeChat refused, else 0 */
  errcode: number
  /** 微信拒绝时的 rid · rid when WeChat refused */
  rid: string
  /** 原因的说明 · The reason in words */
  message: string
}

export type OfficialEventListInput = {
  /** 返回编号大于它的，默认 0 · Those with higher numbers; 0 by default */
  since?: number | undefined
  /** 只要这个公众号的 · Of this account only */
  originalId?: string | undefined
  /** 最多返回多少个，默认 100 · At most so many; 100 by default */
  limit?: number | undefined
}

export type OfficialEventListOutput = {
  list: OfficialEvent[]
  nextSince: number
}

export type OfficialJssdkConfigInput = {
  /** 公众号的原始 ID（gh_…） · Original id of the official account (gh_…) */
  originalId: string
  /** 页面的完整地址 · Whole address of the page */
  url: string
}

export type OfficialJssdkConfigOutput = {
  appId: string
  /** 秒 · Seconds */
  timestamp: number
  nonceStr: string
  signature: string
}

export type OfficialTemplateSendInput = {
  /** 公众号的原始 ID（gh_…） · Original id of the official account (gh_…) */
  originalId: string
  /** 粉丝的 OpenID · openid of the follower */
  openid?: string | undefined
  /** 已绑定该公众号的成员 ID · userId of a member who is linked */
  userId?: string | undefined
  /** 模板 ID · Id of the template */
  templateId: string
  /** template-模板消息；subscribe-订阅通知 · template or subscribe */
  kind?: 'template' | 'subscribe' | undefined
  /** 各字段的值，例如 {"thing1":"季度例会"} 或 {"thing1":{"value":"季度例会"}} · What goes into the fields, such as {"thing1":"Meeting"} or {"thing1":{"value":"Meeting"}} */
  data: Record<string, string | {
    value: string
  }>
  /** 跳转链接 · Where it leads */
  url?: string | undefined
  /** 跳转的小程序，优先于 url · Mini-program to open, before url */
  miniProgram?: {
    appId: string
    path: string
  } | undefined
  /** 幂等号：相同的 requestId 只发送一次 · Idempotency key: sent once for the same requestId */
  requestId?: string | undefined
}

export type OfficialTemplateSendOutput = {
  /** sent 微信已接收；unknown 无法确认；sending 相同 requestId 的请求仍在发送 · sent: WeChat took it; unknown: nobody knows; sending: a request with the same requestId is under way */
  status: string
  /** template 或 subscribe · template or subscribe */
  kind: string
  /** 微信的 msgid；订阅通知没有 · msgid of WeChat; none for subscription messages */
  msgId: string
}

export type MessageMediaInput = {
  /** 文件，最大 20 MB；文件名是接收人看到的名字 · File of at most 20 MB; its name is what receivers see */
  file: Blob
}

export type MessageMediaOutput = {
  /** 文件 id · Id of the file */
  mediaId: string
  /** 类别，按内容识别 · What the content is */
  kind: 'image' | 'voice' | 'video' | 'file'
  /** 接收人看到的文件名：不含路径、控制字符和改变文字方向的字符 · Name that receivers see, without folders, control characters and what turns the direction of a text */
  name: string
  /** 字节数 · Size in bytes */
  size: number
}

export type CodeSendInput = {
  /** 用途，如“登录”“修改收款账户”；接收人在企业微信和邮件里看到它。字母、数字、汉字、空格、- 和 _，1–32 个字 · What it is for, such as “sign-in”; receivers see it in WeCom and mails. 1 to 32 letters, digits, spaces, - and _ */
  purpose: string
  /** 成员 ID · Id of the member */
  userId?: string | undefined
  /** 完整的手机号 · The whole mobile number */
  mobile?: string | undefined
  /** 发送方式：1-短信；2-邮件；0-企业微信 · 1 SMS; 2 mail; 0 WeCom */
  sendType: '1' | '2' | '0'
  /** 自己生成的请求 id；验证码有效期内，相同 id 的重复请求返回第一次的 codeId · Id of your own; while the code is good, a request with the same id returns the codeId of the first */
  requestId?: string | undefined
}

export type CodeSendOutput = {
  /** 验证码的 id，用于 code/check · Id of the code, for code/check */
  codeId: string
  /** 有效秒数 · Seconds until it expires */
  expiresIn: number
}

export type CodeCheckInput = {
  /** code/send 返回的 codeId · The codeId that code/send returned */
  codeId: string
  /** 用途，如“登录”“修改收款账户”；接收人在企业微信和邮件里看到它。字母、数字、汉字、空格、- 和 _，1–32 个字 · What it is for, such as “sign-in”; receivers see it in WeCom and mails. 1 to 32 letters, digits, spaces, - and _ */
  purpose: string
  /** 成员 ID · Id of the member */
  userId?: string | undefined
  /** 完整的手机号 · The whole mobile number */
  mobile?: string | undefined
  /** 用户填写的验证码 · The code that the user typed */
  code: string
}

export type CodeCheckOutput = {
  /** 是否符合 · Whether it fits */
  ok: boolean
  /** 这条验证码还可试的次数 · Tries that the code has left */
  triesLeft: number
  /** 为什么不符合：wrong 填错；expired 过期；used 用过或试完 · Why it does not fit: wrong; expired; used, or its tries are */
  why?: 'wrong' | 'expired' | 'used'
}

export type MessageTypePutInput = {
  /** 消息类型的 key：小写字母、数字和 . _ -，最长 64 个字符 · Key of the message type: small letters, digits and . _ -, at most 64 */
  key: string
  /** 名称，发给成员时也是发起方应用的名称 · Name, which receivers see as the application that sends */
  name: string
  /** 一段文本的模板，等于只有企业微信文本消息的 channels 与 templates；不与它们同用 · Template of one text, in the place of channels and templates: a WeCom text message in Chinese; not beside them */
  text?: string | undefined
  /** normal 普通；must 必达；urgent 紧急。必达与紧急须超级管理员批准 · normal; must arrive; urgent. The last two wait for the approval of a super administrator */
  level?: 'normal' | 'must' | 'urgent' | undefined
  /** 渠道，按顺序取第一个能送达本人的。含短信的类型须超级管理员批准 · Channels in order: each person gets it by the first that reaches them. With SMS it waits for the approval of a super administrator */
  channels?: readonly ('wecom' | 'email' | 'sms' | 'official')[] | undefined
  /** 每个渠道的模板，字段同 message/send 与 message/sms，按语言（zh、en）写；发送时用中文，没有中文的渠道用英文 · Templates by channel and language (zh, en), in the fields of message/send and message/sms; Chinese is sent, and English by a channel that has no Chinese */
  templates?: {
    wecom?: {
      zh?: {
        /** 01-文本卡片；02-图文；03-文本（默认） · 01 text card; 02 picture and text; 03 text, which is the default */
        msgType?: '01' | '02' | '03' | undefined
        /** 发送方，同 message/send；不填则为消息中心的默认应用或公众号 · The sender, as for message/send; the default of the message centre without it */
        agentId?: string | undefined
        /** 标题的模板 · Template of the title */
        title?: string | undefined
        /** 内容的模板 · Template of the content */
        content?: string | undefined
        /** 跳转链接的模板 · Template of the address where it leads */
        url?: string | undefined
        /** 按钮文字的模板 · Template of the button */
        btntxt?: string | undefined
        /** 图片地址的模板 · Template of the picture's address */
        picUrl?: string | undefined
      } | undefined
      en?: {
        /** 01-文本卡片；02-图文；03-文本（默认） · 01 text card; 02 picture and text; 03 text, which is the default */
        msgType?: '01' | '02' | '03' | undefined
        /** 发送方，同 message/send；不填则为消息中心的默认应用或公众号 · The sender, as for message/send; the default of the message centre without it */
        agentId?: string | undefined
        /** 标题的模板 · Template of the title */
        title?: string | undefined
        /** 内容的模板 · Template of the content */
        content?: string | undefined
        /** 跳转链接的模板 · Template of the address where it leads */
        url?: string | undefined
        /** 按钮文字的模板 · Template of the button */
        btntxt?: string | undefined
        /** 图片地址的模板 · Template of the picture's address */
        picUrl?: string | undefined
      } | undefined
    } | undefined
    email?: {
      zh?: {
        /** 标题的模板 · Template of the title */
        title?: string | undefined
        /** 内容的模板 · Template of the content */
        content?: string | undefined
        /** 跳转链接的模板 · Template of the address where it leads */
        url?: string | undefined
        /** 按钮文字的模板 · Template of the button */
        btntxt?: string | undefined
      } | undefined
      en?: {
        /** 标题的模板 · Template of the title */
        title?: string | undefined
        /** 内容的模板 · Template of the content */
        content?: string | undefined
        /** 跳转链接的模板 · Template of the address where it leads */
        url?: string | undefined
        /** 按钮文字的模板 · Template of the button */
        btntxt?: string | undefined
      } | undefined
    } | undefined
    sms?: {
      zh?: {
        /** 短信模板 ID · Id of the SMS template */
        templateId?: string | undefined
        params?: readonly string[] | undefined
      } | undefined
      en?: {
        /** 短信模板 ID · Id of the SMS template */
        templateId?: string | undefined
        params?: readonly string[] | undefined
      } | undefined
    } | undefined
    official?: {
      zh?: {
        /** 发送方，同 message/send；不填则为消息中心的默认应用或公众号 · The sender, as for message/send; the default of the message centre without it */
        agentId?: string | undefined
        /** 标题的模板 · Template of the title */
        title?: string | undefined
        /** 内容的模板 · Template of the content */
        content?: string | undefined
        /** 跳转链接的模板 · Template of the address where it leads */
        url?: string | undefined
      } | undefined
      en?: {
        /** 发送方，同 message/send；不填则为消息中心的默认应用或公众号 · The sender, as for message/send; the default of the message centre without it */
        agentId?: string | undefined
        /** 标题的模板 · Template of the title */
        title?: string | undefined
        /** 内容的模板 · Template of the content */
        content?: string | undefined
        /** 跳转链接的模板 · Template of the address where it leads */
        url?: string | undefined
      } | undefined
    } | undefined
  } | undefined
  /** 变量的示例值，供预览 · Sample values of the variables, for previews */
  sample?: Record<string, string | number | boolean> | undefined
  /** 合并发送：minutes 或 at（每天的时刻，企业的时区）二选一 · Digest: either minutes, or at, a time of each day in the corp's zone */
  digest?: {
    /** 收集多久 · How long rows are collected */
    minutes?: number | undefined
    /** 每天几点发出 · The time of day */
    at?: string | undefined
    /** 第一条立即发出 · The first goes at once */
    first?: boolean | undefined
    /** 按业务编号分别合并 · Each about has a digest of its own */
    byAbout?: boolean | undefined
  } | undefined
  /** 每人在一段时间内最多几条，其余并入合并发送或不发 · How many a person gets within a time; the rest joins the digest or is dropped */
  frequency?: {
    atMost: number
    /** 在多长时间内 · Within which time */
    minutes: number
    /** digest 并入合并发送；drop 不发 · digest: joins the digest; drop: is not sent */
    rest: 'digest' | 'drop'
  } | undefined
  /** 没看再发：最多 3 步，依次改用其他渠道，最后一步可以是上级 · What is tried when it was not reached or read: at most 3 steps by other channels, of which the last may be the leader */
  fallback?: readonly {
    /** 上一步交给渠道后多久；免打扰时间不计 · How long after the way before was handed over; quiet hours do not count */
    after: number
    /** 满足时不再发：sent 已交给渠道；read 已查看；acknowledged 已点「收到」 · Ends it: sent, a channel took it; read; acknowledged */
    unless: 'sent' | 'read' | 'acknowledged'
    /** 改用的渠道，须在 channels 中；leader 告知上级，只能是最后一步 · The channel, one of channels; leader tells the leader, and is the last step */
    channel: 'wecom' | 'email' | 'sms' | 'official' | 'leader'
    /** 上级可以看到内容 · The leader sees what it says */
    leaderSees?: boolean | undefined
  }[] | undefined
  /** 接受之后多少分钟仍未发出就不再发；必达不能填 · Minutes after which what has not left is not sent any more; not for must */
  expiresAfter?: number | undefined
  /** 要求收件人点「收到」 · Receivers are asked to acknowledge it */
  receipt?: boolean | undefined
  /** 管理员、服务台和导出看不到正文 · Administrators, the help desk and exports do not see its text */
  private?: boolean | undefined
}

export type MessageTypePutOutput = {
  /** 消息类型的 key · Key of the message type */
  key: string
  /** 写入的版本 · The version that was put */
  version: number
  /** 这个版本已生效；false 为等待超级管理员批准 · This version is in force; false: it waits for the approval of a super administrator */
  isInForce: boolean
}

export type MessageTypeListInput = Record<string, never>

export type MessageTypeListOutput = {
  list: {
    /** 消息类型的 key · Key of the message type */
    key: string
    /** 名称，发给成员时也是发起方应用的名称 · Name, which receivers see as the application that sends */
    name: string
    /** normal 普通；must 必达；urgent 紧急。必达与紧急须超级管理员批准 · normal; must arrive; urgent. The last two wait for the approval of a super administrator */
    level: 'normal' | 'must' | 'urgent'
    /** 渠道，按顺序取第一个能送达本人的。含短信的类型须超级管理员批准 · Channels in order: each person gets it by the first that reaches them. With SMS it waits for the approval of a super administrator */
    channels: ('wecom' | 'email' | 'sms' | 'official')[]
    /** 所属开发者；企业自己的类型为空 · Whose it is; empty for the corp's own */
    devId: string
    /** draft 等待第一次批准；live 启用；trial 试用，只发给 testPeople；paused 已暂停；revoked 已停用 · draft: it waits for its first approval; live; trial: it reaches its testPeople alone; paused; revoked */
    state: 'draft' | 'live' | 'trial' | 'paused' | 'revoked'
    /** 生效的版本，没有则为 0 · The version in force; 0 if there is none */
    version: number
    /** 最新的版本 · The newest version */
    newest: number
    /** 最新的版本在等待批准 · The newest version waits for approval */
    waitsForApproval: boolean
    /** 发送时必须给出的变量 · Variables that every send has to give */
    variables: string[]
    /** 可以不给出的变量 · Variables that may be left out */
    optional: string[]
    madeAt: string
  }[]
}

export type MessageTypeGetInput = {
  /** 消息类型的 key：小写字母、数字和 . _ -，最长 64 个字符 · Key of the message type: small letters, digits and . _ -, at most 64 */
  key: string
}

export type MessageTypeGetOutput = {
  /** 消息类型的 key · Key of the message type */
  key: string
  /** 名称，发给成员时也是发起方应用的名称 · Name, which receivers see as the application that sends */
  name: string
  /** normal 普通；must 必达；urgent 紧急。必达与紧急须超级管理员批准 · normal; must arrive; urgent. The last two wait for the approval of a super administrator */
  level: 'normal' | 'must' | 'urgent'
  /** 渠道，按顺序取第一个能送达本人的。含短信的类型须超级管理员批准 · Channels in order: each person gets it by the first that reaches them. With SMS it waits for the approval of a super administrator */
  channels: ('wecom' | 'email' | 'sms' | 'official')[]
  /** 所属开发者；企业自己的类型为空 · Whose it is; empty for the corp's own */
  devId: string
  /** draft 等待第一次批准；live 启用；trial 试用，只发给 testPeople；paused 已暂停；revoked 已停用 · draft: it waits for its first approval; live; trial: it reaches its testPeople alone; paused; revoked */
  state: 'draft' | 'live' | 'trial' | 'paused' | 'revoked'
  /** 生效的版本，没有则为 0 · The version in force; 0 if there is none */
  version: number
  /** 最新的版本 · The newest version */
  newest: number
  /** 最新的版本在等待批准 · The newest version waits for approval */
  waitsForApproval: boolean
  /** 发送时必须给出的变量 · Variables that every send has to give */
  variables: string[]
  /** 可以不给出的变量 · Variables that may be left out */
  optional: string[]
  madeAt: string
  /** 每个渠道的模板，字段同 message/send 与 message/sms，按语言（zh、en）写；发送时用中文，没有中文的渠道用英文 · Templates by channel and language (zh, en), in the fields of message/send and message/sms; Chinese is sent, and English by a channel that has no Chinese */
  templates: {
    wecom?: {
      zh?: {
        /** 01-文本卡片；02-图文；03-文本（默认） · 01 text card; 02 picture and text; 03 text, which is the default */
        msgType?: '01' | '02' | '03'
        /** 发送方，同 message/send；不填则为消息中心的默认应用或公众号 · The sender, as for message/send; the default of the message centre without it */
        agentId?: string
        /** 标题的模板 · Template of the title */
        title?: string
        /** 内容的模板 · Template of the content */
        content?: string
        /** 跳转链接的模板 · Template of the address where it leads */
        url?: string
        /** 按钮文字的模板 · Template of the button */
        btntxt?: string
        /** 图片地址的模板 · Template of the picture's address */
        picUrl?: string
      }
      en?: {
        /** 01-文本卡片；02-图文；03-文本（默认） · 01 text card; 02 picture and text; 03 text, which is the default */
        msgType?: '01' | '02' | '03'
        /** 发送方，同 message/send；不填则为消息中心的默认应用或公众号 · The sender, as for message/send; the default of the message centre without it */
        agentId?: string
        /** 标题的模板 · Template of the title */
        title?: string
        /** 内容的模板 · Template of the content */
        content?: string
        /** 跳转链接的模板 · Template of the address where it leads */
        url?: string
        /** 按钮文字的模板 · Template of the button */
        btntxt?: string
        /** 图片地址的模板 · Template of the picture's address */
        picUrl?: string
      }
    }
    email?: {
      zh?: {
        /** 标题的模板 · Template of the title */
        title?: string
        /** 内容的模板 · Template of the content */
        content?: string
        /** 跳转链接的模板 · Template of the address where it leads */
        url?: string
        /** 按钮文字的模板 · Template of the button */
        btntxt?: string
      }
      en?: {
        /** 标题的模板 · Template of the title */
        title?: string
        /** 内容的模板 · Template of the content */
        content?: string
        /** 跳转链接的模板 · Template of the address where it leads */
        url?: string
        /** 按钮文字的模板 · Template of the button */
        btntxt?: string
      }
    }
    sms?: {
      zh?: {
        /** 短信模板 ID · Id of the SMS template */
        templateId?: string
        params?: string[]
      }
      en?: {
        /** 短信模板 ID · Id of the SMS template */
        templateId?: string
        params?: string[]
      }
    }
    official?: {
      zh?: {
        /** 发送方，同 message/send；不填则为消息中心的默认应用或公众号 · The sender, as for message/send; the default of the message centre without it */
        agentId?: string
        /** 标题的模板 · Template of the title */
        title?: string
        /** 内容的模板 · Template of the content */
        content?: string
        /** 跳转链接的模板 · Template of the address where it leads */
        url?: string
      }
      en?: {
        /** 发送方，同 message/send；不填则为消息中心的默认应用或公众号 · The sender, as for message/send; the default of the message centre without it */
        agentId?: string
        /** 标题的模板 · Template of the title */
        title?: string
        /** 内容的模板 · Template of the content */
        content?: string
        /** 跳转链接的模板 · Template of the address where it leads */
        url?: string
      }
    }
  }
  /** 变量的示例值，供预览 · Sample values of the variables, for previews */
  sample?: Record<string, string | number | boolean>
  /** 合并发送：minutes 或 at（每天的时刻，企业的时区）二选一 · Digest: either minutes, or at, a time of each day in the corp's zone */
  digest?: {
    /** 收集多久 · How long rows are collected */
    minutes?: number
    /** 每天几点发出 · The time of day */
    at?: string
    /** 第一条立即发出 · The first goes at once */
    first?: boolean
    /** 按业务编号分别合并 · Each about has a digest of its own */
    byAbout?: boolean
  }
  /** 每人在一段时间内最多几条，其余并入合并发送或不发 · How many a person gets within a time; the rest joins the digest or is dropped */
  frequency?: {
    atMost: number
    /** 在多长时间内 · Within which time */
    minutes: number
    /** digest 并入合并发送；drop 不发 · digest: joins the digest; drop: is not sent */
    rest: 'digest' | 'drop'
  }
  /** 没看再发：最多 3 步，依次改用其他渠道，最后一步可以是上级 · What is tried when it was not reached or read: at most 3 steps by other channels, of which the last may be the leader */
  fallback?: {
    /** 上一步交给渠道后多久；免打扰时间不计 · How long after the way before was handed over; quiet hours do not count */
    after: number
    /** 满足时不再发：sent 已交给渠道；read 已查看；acknowledged 已点「收到」 · Ends it: sent, a channel took it; read; acknowledged */
    unless: 'sent' | 'read' | 'acknowledged'
    /** 改用的渠道，须在 channels 中；leader 告知上级，只能是最后一步 · The channel, one of channels; leader tells the leader, and is the last step */
    channel: 'wecom' | 'email' | 'sms' | 'official' | 'leader'
    /** 上级可以看到内容 · The leader sees what it says */
    leaderSees?: boolean
  }[]
  /** 接受之后多少分钟仍未发出就不再发；必达不能填 · Minutes after which what has not left is not sent any more; not for must */
  expiresAfter?: number
  /** 要求收件人点「收到」 · Receivers are asked to acknowledge it */
  receipt?: boolean
  /** 管理员、服务台和导出看不到正文 · Administrators, the help desk and exports do not see its text */
  private?: boolean
  /** 试用时收到的人，userId，最多 20 个 · Who gets it while the type is on trial: userIds, at most 20 */
  testPeople?: string[]
}

export type ChatCreateInput = {
  /** 名称，最长 50 个字 · Name, of at most 50 characters */
  name: string
  /** 群主的成员 ID，自动加入群；不填时由企业微信选择 · Id of the member who owns it, who joins it; else WeCom chooses */
  owner?: string | undefined
  /** 成员 ID 列表，| 分隔，最多 1000 · Ids of members, separated by |, at most 1000 */
  toUser?: readonly string[] | string | undefined
  /** 部门 ID 列表，| 分隔；包括下级部门的成员 · Ids of departments, separated by |; members of departments below are included */
  toParty?: readonly string[] | string | undefined
  /** 标签 ID 列表，| 分隔 · Ids of tags, separated by | */
  toTag?: readonly string[] | string | undefined
  /** 1：成员跟随 toParty、toTag（和 toUser）变化；默认 0 · 1: the members follow toParty and toTag (and toUser); 0 by default */
  follow?: '0' | '1' | undefined
  /** 创建群聊的企业微信应用 id；不填则为消息中心的默认应用 · agentId of the WeCom app that makes it; else the default of the message centre */
  agentId?: string | undefined
  /** 自己生成的请求 id；相同 id 的重复请求返回同一个群聊 · Id of your own; a request with the same id returns the same group chat */
  requestId?: string | undefined
}

export type ChatCreateOutput = {
  /** 群聊 id，用于 toChat · Id of the group chat, which toChat takes */
  chatId: string
  /** 名称 · Name */
  name: string
  /** ready 可用；creating 企业微信还没有确认创建，平台会继续确认；failed 创建失败，原因在 problem 中 · ready; creating: WeCom has not confirmed it yet, and wisp goes on asking; failed: WeCom did not create it, problem says why */
  status: 'creating' | 'ready' | 'failed'
  /** 成员是否跟随部门和标签变化 · Whether its members follow departments and tags */
  follow: boolean
  /** 成员数 · How many members it has */
  members: number
  /** 成员没有跟上、或创建失败的原因；没有时为空 · Why its members do not follow, or why it was not created; empty where all is well */
  problem: string
  /** 无效的用户，| 分隔 · Wrong members, separated by | */
  invaliduser: string
  /** 无效的部门，| 分隔 · Wrong departments, separated by | */
  invalidparty: string
  /** 无效的标签，| 分隔 · Wrong tags, separated by | */
  invalidtag: string
}

export type ChatUpdateInput = {
  /** 群聊 id · Id of the group chat */
  chatId: string
  /** 名称，最长 50 个字 · Name, of at most 50 characters */
  name?: string | undefined
  /** 群主的成员 ID，自动加入群；不填时由企业微信选择 · Id of the member who owns it, who joins it; else WeCom chooses */
  owner?: string | undefined
  /** 加入的成员 ID，| 分隔 · Ids of members who join, separated by | */
  addUser?: readonly string[] | string | undefined
  /** 移出的成员 ID，| 分隔 · Ids of members who are removed, separated by | */
  delUser?: readonly string[] | string | undefined
  /** 成员 ID 列表，| 分隔，最多 1000 · Ids of members, separated by |, at most 1000 */
  toUser?: readonly string[] | string | undefined
  /** 部门 ID 列表，| 分隔；包括下级部门的成员 · Ids of departments, separated by |; members of departments below are included */
  toParty?: readonly string[] | string | undefined
  /** 标签 ID 列表，| 分隔 · Ids of tags, separated by | */
  toTag?: readonly string[] | string | undefined
  /** 1 开始跟随；0 不再跟随；不填则不变 · 1 begins to follow, 0 ends it; as it is where it is left out */
  follow?: '0' | '1' | undefined
}

export type ChatUpdateOutput = {
  /** 群聊 id，用于 toChat · Id of the group chat, which toChat takes */
  chatId: string
  /** 名称 · Name */
  name: string
  /** ready 可用；creating 企业微信还没有确认创建，平台会继续确认；failed 创建失败，原因在 problem 中 · ready; creating: WeCom has not confirmed it yet, and wisp goes on asking; failed: WeCom did not create it, problem says why */
  status: 'creating' | 'ready' | 'failed'
  /** 成员是否跟随部门和标签变化 · Whether its members follow departments and tags */
  follow: boolean
  /** 成员数 · How many members it has */
  members: number
  /** 成员没有跟上、或创建失败的原因；没有时为空 · Why its members do not follow, or why it was not created; empty where all is well */
  problem: string
}

export type ChatGetInput = {
  /** 群聊 id · Id of the group chat */
  chatId: string
}

export type ChatGetOutput = {
  /** 群聊 id，用于 toChat · Id of the group chat, which toChat takes */
  chatId: string
  /** 名称 · Name */
  name: string
  /** ready 可用；creating 企业微信还没有确认创建，平台会继续确认；failed 创建失败，原因在 problem 中 · ready; creating: WeCom has not confirmed it yet, and wisp goes on asking; failed: WeCom did not create it, problem says why */
  status: 'creating' | 'ready' | 'failed'
  /** 成员是否跟随部门和标签变化 · Whether its members follow departments and tags */
  follow: boolean
  /** 成员数 · How many members it has */
  members: number
  /** 成员没有跟上、或创建失败的原因；没有时为空 · Why its members do not follow, or why it was not created; empty where all is well */
  problem: string
  /** 群主的成员 ID · Id of the member who owns it */
  owner: string
  /** 成员 ID · Ids of its members */
  userIds: string[]
}

export type ChatListInput = {
  /** 页码，从 1 起 · Page, from 1 */
  pageNo?: number | undefined
  /** 每页条数，默认 20，最多 200 · How many on a page: 20 by default, at most 200 */
  pageSize?: number | undefined
}

export type ChatListOutput = {
  list: {
    /** 群聊 id，用于 toChat · Id of the group chat, which toChat takes */
    chatId: string
    /** 名称 · Name */
    name: string
    /** ready 可用；creating 企业微信还没有确认创建，平台会继续确认；failed 创建失败，原因在 problem 中 · ready; creating: WeCom has not confirmed it yet, and wisp goes on asking; failed: WeCom did not create it, problem says why */
    status: 'creating' | 'ready' | 'failed'
    /** 成员是否跟随部门和标签变化 · Whether its members follow departments and tags */
    follow: boolean
    /** 成员数 · How many members it has */
    members: number
    /** 成员没有跟上、或创建失败的原因；没有时为空 · Why its members do not follow, or why it was not created; empty where all is well */
    problem: string
  }[]
  /** 总数 · How many there are */
  total: number
}

export type MessageListInput = {
  /** CSV 或 xlsx 文件，最大 8 MB · CSV or xlsx file of at most 8 MB */
  file: Blob
}

export type MessageListOutput = {
  /** 名单 id，用作 toList · Id of the list, for toList */
  listId: string
  /** 名单中的人数 · Persons in the list */
  rows: number
  /** 文件中的变量 · Variables of the file */
  variables: string[]
  /** 没有进入名单的行 · Lines that are not in the list */
  refused: {
    /** 文件中的行号，从 1 数起 · Line of the file, counted from 1 */
    line: number
    /** 原因 · Why */
    why: string
  }[]
  /** 没有进入名单的行数 · How many lines are not in the list */
  refusedRows: number
}

export type MessageSendInput = {
  /** 成员 ID 列表，| 分隔，最多 1000；@all 为全部 · Ids of members, separated by |, at most 1000; @all is everybody */
  toUser?: readonly string[] | string | undefined
  /** 部门 ID 列表，| 分隔；包括下级部门的成员 · Ids of departments, separated by |; members of departments below are included */
  toParty?: readonly string[] | string | undefined
  /** 标签 ID 列表，| 分隔；标签里的部门也包括下级部门的成员 · Ids of tags, separated by |; of departments in a tag, members of those below are included too */
  toTag?: readonly string[] | string | undefined
  /** 人群 ID 列表，| 分隔；发送时在人群中的成员 · Ids of groups, separated by |; the members who are in them when it is sent */
  toGroup?: readonly string[] | string | undefined
  /** 发送方式：0-消息；2-邮件；3-公众号；4-群聊；5-群机器人 · How: 0 WeCom message; 2 mail; 3 official account; 4 group chat; 5 group robot */
  sendType: '0' | '2' | '3' | '4' | '5'
  /** 消息类型：01-文本卡片；02-图文；03-文本；04-可回答的卡片；05-Markdown；06-图片；07-文件；08-视频；09-语音；10-小程序通知；11-图文正文。发送方式为 0、4 时必填；09、11 只用于发送方式 4，04、10 只用于发送方式 0 · Kind: 01 text card; 02 picture and text; 03 text; 04 card that people answer; 05 Markdown; 06 picture; 07 file; 08 video; 09 voice; 10 mini-program notice; 11 article. Needed when sendType is 0 or 4; 09 and 11 are for sendType 4 alone, 04 and 10 for sendType 0 */
  msgType?: '01' | '02' | '03' | '04' | '05' | '06' | '07' | '08' | '09' | '10' | '11' | undefined
  /** 发起方应用名称，超过 32 个字的部分截断 · Name of the application that sends; cut after 32 characters */
  agentName: string
  /** 发送方：企业微信应用 id，或公众号原始 ID（gh_…，发送方式为 3 时）；不填则由消息中心的默认应用或公众号发送 · Sender: agentId of a WeCom app, or original id of an official account (gh_…, when sendType is 3); else the default of the message centre */
  agentId?: string | undefined
  /** 标题，自动加上【应用名称】前缀；文本消息可不填；msgType 05 至 10 不加前缀，10 必填、4 至 12 个字 · Title, with 【name of the application】 in front; not needed for text; msgType 05 to 10 have nothing in front, and 10 needs 4 to 12 characters */
  title?: string | undefined
  /** 内容；msgType 为 04、06、07 时不填，05 为 Markdown 原文，08、10 为说明、可不填 · Content; not needed when msgType is 04, 06 or 07, Markdown when it is 05, an optional description when it is 08 or 10 */
  content?: string | undefined
  /** 跳转链接，文本消息与邮件可不填 · Where it leads; not needed for text and mail */
  url?: string | undefined
  /** 按钮文字，默认为详情 · Text of the button; 详情 by default */
  btntxt?: string | undefined
  /** 图文消息图片 url，图文消息必传 · Address of the picture; needed for kind 02 */
  picUrl?: string | undefined
  /** 卡片：企业微信的 template_card 对象（不含 task_id），msgType 为 04 时必填 · Card: WeCom's template_card object, without task_id; needed when msgType is 04 */
  card?: Record<string, unknown> | string | undefined
  /** 有人点击后其卡片变成什么：{"replaceName":"已同意"} 或 {"card":{…}}；交互类卡片默认 {"replaceName":"已提交"} · What the card of whoever presses becomes: {"replaceName":"已同意"} or {"card":{…}}; {"replaceName":"已提交"} by default for interactive cards */
  onPress?: Record<string, unknown> | string | undefined
  /** true：任何人先点击即对所有人结束，其他人会看到是谁；默认 false · true: the first press of anybody ends it for all, and the others see who it was; false by default */
  firstPressWins?: boolean | undefined
  /** true：每人单独发送，之后可以单独更新各人的卡片（最多 2000 人）；默认 false · true: sent to each person separately, so that each card can be changed by itself later (at most 2000 people); false by default */
  perPerson?: boolean | undefined
  /** 文件：message/media 返回的 mediaId，msgType 为 06、07、08 时必填 · File: the mediaId that message/media gave; needed when msgType is 06, 07 or 08 */
  mediaId?: string | undefined
  /** 1：保密消息，带水印、不能转发；只用于 msgType 03、06、07、08；默认 0 · 1: confidential, with a watermark and not to be forwarded; for msgType 03, 06, 07 and 08; 0 by default */
  safe?: boolean | undefined
  /** 小程序的 appid，须与发送的应用关联；msgType 为 10 时必填 · appid of the mini-program, which is linked to the agent that sends; needed when msgType is 10 */
  appid?: string | undefined
  /** 小程序的页面，不填则为首页；msgType 为 10 时使用 · Page of the mini-program, its first one by default; for msgType 10 */
  page?: string | undefined
  /** 小程序通知的内容，最多 10 行；msgType 为 10 时使用 · Lines of a mini-program notice, at most 10; for msgType 10 */
  items?: readonly {
    /** 名称，最长 10 个字 · Name, of at most 10 characters */
    key: string
    /** 值，最长 30 个字 · Value, of at most 30 characters */
    value: string
  }[] | undefined
  /** 邮件附件：message/media 返回的 mediaId，最多 10 个，合计最大 20 MB；发送方式为 2 时使用 · Attachments of a mail: mediaIds of message/media, at most 10 and 20 MB in all; for sendType 2 */
  attachments?: readonly string[] | string | undefined
  /** 群聊 id 列表，| 分隔，最多 20 个；发送方式为 4 时必填，不与 toUser、toParty、toTag 一起使用 · Ids of group chats, separated by |, at most 20; needed when sendType is 4, and not beside toUser, toParty and toTag */
  toChat?: readonly string[] | string | undefined
  /** 在群里提及的成员 ID，| 分隔，最多 50；@all 为群里所有人；发送方式为 4（msgType 为 03）或 5 时使用 · Ids of members who are mentioned in the group, separated by |, at most 50; @all is everybody in it; for sendType 4 (with msgType 03) and 5 */
  mention?: readonly string[] | string | undefined
  /** 群机器人 id 列表，| 分隔，最多 20 个；发送方式为 5 时必填，不与 toUser、toParty、toTag 一起使用 · Ids of group robots, separated by |, at most 20; needed when sendType is 5, and not beside toUser, toParty and toTag */
  toRobot?: readonly string[] | string | undefined
  /** 何时发出，带时区的 ISO 8601，最多 90 天后；不填为立即 · When it leaves, ISO 8601 with its zone, at most 90 days ahead; at once without it */
  sendAt?: string | undefined
  /** 此时仍未发出的不再发，带时区的 ISO 8601；类型的级别为 must 时不能填 · What has not left by then is not sent any more, ISO 8601 with its zone; not for types of the level must */
  expiresAt?: string | undefined
  /** 业务编号：同一类型（没有类型时为同一开发者）后一条编号相同的消息，取代前一条中同一接收人尚未发出的部分 · Number of the matter: a later message with the same one, of the type, or of the developer where there is no type, replaces what has not left of the earlier one for the same persons */
  about?: string | undefined
  /** 幂等号：24 小时内相同的 requestId 只发送一次；等待发出的消息，到它发完后 24 小时 · Idempotency key: sent once within 24 hours for the same requestId, which for a message that waits count from its end */
  requestId?: string | undefined
}

export type MessageSendOutput = {
  /** 消息 id，用于查询和撤回 · Id of the message, for its status and recall */
  msgId: string
  /** sent 已发出；queued 排队中，或等待到 sendAt；failed 无人可达；unknown 无法确认是否送达；cancelled 没有发出，也不再发（同一 requestId 再次请求时） · sent; queued: it will leave, with sendAt then; failed: nobody can be reached; unknown: nobody knows whether it arrived; cancelled: it does not leave any more (for a requestId that is repeated) */
  status: 'sent' | 'queued' | 'failed' | 'unknown' | 'cancelled'
  /** 无效的用户，| 分隔 · Wrong members, separated by | */
  invaliduser: string
  /** 无效的部门，| 分隔 · Wrong departments, separated by | */
  invalidparty: string
  /** 无效的标签，| 分隔 · Wrong tags, separated by | */
  invalidtag: string
  /** 没有或不在数据范围中的人群，| 分隔；只在填写 toGroup 时有 · Groups that do not exist or are outside the data scope, separated by |; with toGroup alone */
  invalidgroup?: string
  /** 没有或无权使用的群机器人，| 分隔；只在发送方式为 5 时有 · Group robots that do not exist or may not be used, separated by |; with sendType 5 alone */
  invalidrobot?: string
  /** 没有或无权使用的群聊，| 分隔；只在发送方式为 4 时有 · Group chats that do not exist or may not be used, separated by |; with sendType 4 alone */
  invalidchat?: string
  /** 因长度限制被截断的字段 · Fields that were cut because of their length */
  truncated?: string[]
  /** 企业微信接受、但不会按原样显示给所有人的内容 · What WeCom takes but does not show to everybody as it is written */
  warnings?: {
    /** 字段，如 card.main_title.title · Field, such as card.main_title.title */
    path: string
    /** 企业微信会怎样处理 · What WeCom makes of it */
    message: string
  }[]
}

export type MessageSmsInput = {
  /** 成员 ID 列表，| 分隔，最多 1000；@all 为全部 · Ids of members, separated by |, at most 1000; @all is everybody */
  toUser?: readonly string[] | string | undefined
  /** 部门 ID 列表，| 分隔；包括下级部门的成员 · Ids of departments, separated by |; members of departments below are included */
  toParty?: readonly string[] | string | undefined
  /** 标签 ID 列表，| 分隔；标签里的部门也包括下级部门的成员 · Ids of tags, separated by |; of departments in a tag, members of those below are included too */
  toTag?: readonly string[] | string | undefined
  /** 人群 ID 列表，| 分隔；发送时在人群中的成员 · Ids of groups, separated by |; the members who are in them when it is sent */
  toGroup?: readonly string[] | string | undefined
  /** 短信模板 ID · Id of the SMS template */
  templateId: string
  /** 短信模板变量，例如 ["666666","5"]；也可以是写成文字的这个数组 · What goes into the template, such as ["666666","5"]; the same array as a text will do */
  params?: readonly string[] | undefined
  /** 发起方应用名称，超过 32 个字的部分截断 · Name of the application that sends; cut after 32 characters */
  agentName: string
  /** 何时发出，带时区的 ISO 8601，最多 90 天后；不填为立即 · When it leaves, ISO 8601 with its zone, at most 90 days ahead; at once without it */
  sendAt?: string | undefined
  /** 此时仍未发出的不再发，带时区的 ISO 8601；类型的级别为 must 时不能填 · What has not left by then is not sent any more, ISO 8601 with its zone; not for types of the level must */
  expiresAt?: string | undefined
  /** 业务编号：同一类型（没有类型时为同一开发者）后一条编号相同的消息，取代前一条中同一接收人尚未发出的部分 · Number of the matter: a later message with the same one, of the type, or of the developer where there is no type, replaces what has not left of the earlier one for the same persons */
  about?: string | undefined
  /** 幂等号：24 小时内相同的 requestId 只发送一次；等待发出的消息，到它发完后 24 小时 · Idempotency key: sent once within 24 hours for the same requestId, which for a message that waits count from its end */
  requestId?: string | undefined
}

export type MessageSmsOutput = {
  /** 消息 id，用于查询和撤回 · Id of the message, for its status and recall */
  msgId: string
  /** sent 已发出；queued 排队中，或等待到 sendAt；failed 无人可达；unknown 无法确认是否送达；cancelled 没有发出，也不再发（同一 requestId 再次请求时） · sent; queued: it will leave, with sendAt then; failed: nobody can be reached; unknown: nobody knows whether it arrived; cancelled: it does not leave any more (for a requestId that is repeated) */
  status: 'sent' | 'queued' | 'failed' | 'unknown' | 'cancelled'
  /** 无效的用户，| 分隔 · Wrong members, separated by | */
  invaliduser: string
  /** 无效的部门，| 分隔 · Wrong departments, separated by | */
  invalidparty: string
  /** 无效的标签，| 分隔 · Wrong tags, separated by | */
  invalidtag: string
  /** 没有或不在数据范围中的人群，| 分隔；只在填写 toGroup 时有 · Groups that do not exist or are outside the data scope, separated by |; with toGroup alone */
  invalidgroup?: string
  /** 没有或无权使用的群机器人，| 分隔；只在发送方式为 5 时有 · Group robots that do not exist or may not be used, separated by |; with sendType 5 alone */
  invalidrobot?: string
  /** 没有或无权使用的群聊，| 分隔；只在发送方式为 4 时有 · Group chats that do not exist or may not be used, separated by |; with sendType 4 alone */
  invalidchat?: string
  /** 因长度限制被截断的字段 · Fields that were cut because of their length */
  truncated?: string[]
  /** 企业微信接受、但不会按原样显示给所有人的内容 · What WeCom takes but does not show to everybody as it is written */
  warnings?: {
    /** 字段，如 card.main_title.title · Field, such as card.main_title.title */
    path: string
    /** 企业微信会怎样处理 · What WeCom makes of it */
    message: string
  }[]
}

export type MessageNotifyInput = {
  /** 消息类型的 key · Key of the message type */
  type: string
  /** 成员 ID 列表，| 分隔，最多 1000；@all 为全部 · Ids of members, separated by |, at most 1000; @all is everybody */
  toUser?: readonly string[] | string | undefined
  /** 部门 ID 列表，| 分隔；包括下级部门的成员 · Ids of departments, separated by |; members of departments below are included */
  toParty?: readonly string[] | string | undefined
  /** 标签 ID 列表，| 分隔；标签里的部门也包括下级部门的成员 · Ids of tags, separated by |; of departments in a tag, members of those below are included too */
  toTag?: readonly string[] | string | undefined
  /** 人群 ID 列表，| 分隔；发送时在人群中的成员 · Ids of groups, separated by |; the members who are in them when it is sent */
  toGroup?: readonly string[] | string | undefined
  /** 模板变量的值，{名称: 文本、数字或布尔值}；与 rows、toList 同用时为各行共有的值 · Values of the variables, {name: text, number or boolean}; those of every row where rows or toList is given */
  data?: Record<string, string | number | boolean> | undefined
  /** 每人一行，最多 1000 行 · One row for each person, at most 1000 */
  rows?: readonly {
    /** 成员 ID · Id of the member */
    userId: string
    /** 这个人的变量 · The variables of this person */
    data?: Record<string, string | number | boolean> | undefined
  }[] | undefined
  /** 名单 id，由 message/list 上传得到；名单的列是各人的变量 · Id of a list that was uploaded by message/list; its columns are the variables of each person */
  toList?: string | undefined
  /** 跳转链接，代替模板的链接 · Where it leads, in the place of the template's address */
  link?: string | undefined
  /** 何时发出，带时区的 ISO 8601，最多 90 天后；不填为立即 · When it leaves, ISO 8601 with its zone, at most 90 days ahead; at once without it */
  sendAt?: string | undefined
  /** 此时仍未发出的不再发，带时区的 ISO 8601；类型的级别为 must 时不能填 · What has not left by then is not sent any more, ISO 8601 with its zone; not for types of the level must */
  expiresAt?: string | undefined
  /** 业务编号：同一类型（没有类型时为同一开发者）后一条编号相同的消息，取代前一条中同一接收人尚未发出的部分 · Number of the matter: a later message with the same one, of the type, or of the developer where there is no type, replaces what has not left of the earlier one for the same persons */
  about?: string | undefined
  /** 幂等号：24 小时内相同的 requestId 只发送一次；等待发出的消息，到它发完后 24 小时 · Idempotency key: sent once within 24 hours for the same requestId, which for a message that waits count from its end */
  requestId?: string | undefined
}

export type MessageNotifyOutput = {
  /** 消息 id，用于查询和撤回 · Id of the message, for its status and recall */
  msgId: string
  /** 接受的人数 · How many persons it was accepted for */
  accepted: number
  /** 无效的用户，| 分隔 · Wrong members, separated by | */
  invaliduser: string
  /** 无效的部门，| 分隔 · Wrong departments, separated by | */
  invalidparty: string
  /** 无效的标签，| 分隔 · Wrong tags, separated by | */
  invalidtag: string
  /** 无效的人群，| 分隔；只在填写 toGroup 时有 · Wrong groups, separated by |; with toGroup alone */
  invalidgroup?: string
  /** accepted 已接受，正在发出；waiting 已接受，按 sendAt、业务编号或类型的设置（合并发送、次数限制）由平台发出 · accepted: it is leaving; waiting: accepted, and it leaves as sendAt, about or the type (digest, limit) say */
  state: 'accepted' | 'waiting'
}

export type MessageStatusInput = {
  /** 消息 id · Id of the message */
  msgId?: string | undefined
  /** 发送时的 requestId · The requestId of the send */
  requestId?: string | undefined
}

export type MessageStatusOutput = {
  /** 消息 id · Id of the message */
  msgId: string
  /** sent 已发出；queued 还有未发出的部分；failed 没有发给任何人；unknown 有的部分无法确认是否送达；cancelled 没有发出，以后也不再发 · sent; queued: some of it has not left yet; failed: it was sent to nobody; unknown: nobody knows whether a part arrived; cancelled: it has not left, and does not any more */
  status: 'sent' | 'queued' | 'failed' | 'unknown' | 'cancelled'
  /** 等待发出时，最近一次发出的时间 · While it waits: when the next of it leaves */
  waitsUntil?: string
  /** cancelled 的原因，或等待批准、被暂停 · Why it is cancelled, or that it waits for approval or is paused */
  reason?: string
  /** 业务编号，发送时填了才有 · The about that its send gave */
  about?: string
  /** wecom 企业微信；email 邮件；sms 短信；official 公众号；chat 群聊；robot 群机器人 · wecom: WeCom; email: Mail; sms: SMS; official: Official account; chat: Group chat; robot: Group robot */
  channel: 'wecom' | 'email' | 'sms' | 'official' | 'chat' | 'robot'
  /** 消息类型的 key；按类型发送时才有 · Key of the message type, where it is sent by one */
  type?: string
  /** 消息类型的版本 · Version of the message type */
  typeVersion?: number
  /** 接受的时间，ISO 8601 · Accepted at, ISO 8601 */
  createdAt: string
  /** 撤回的时间；没有则为空 · Recalled at; empty if it was not */
  recalledAt: string
  /** 因频率限制推迟到的时间；没有则为空 · Held until then because of a rate limit; empty if it is not */
  heldUntil: string
  /** 各状态的人数 · How many receivers are in which state */
  receivers: {
    /** 接收人数 · Receivers in all */
    total: number
    /** 已发出 · Sent */
    sent: number
    /** 等待发送 · Waiting */
    waiting: number
    /** 发送失败 · Failed */
    failed: number
    /** 无法确认是否送达 · Nobody knows whether it arrived */
    unknown: number
    /** 没有发出，也不再发：撤回、取消、到期、被取代 · Does not leave any more: recalled, cancelled, expired or replaced */
    cancelled: number
  }
  /** 打开过的人数：在工作台登录后打开；企业微信和短信不告诉任何人 · How many opened it, signed in on the portal or the phone; WeCom and SMS tell nobody */
  read: number
  /** 点过「收到」的人数 · How many acknowledged it */
  acknowledged: number
  /** 最近的发送记录 · The latest attempts */
  attempts: {
    /** 时间，ISO 8601 · When, ISO 8601 */
    at: string
    /** 用时，毫秒 · How long it took, in ms */
    ms: number
    /** sent 上游已接受；refused 上游拒绝；again 没有发出，稍后重试；unsure 没有得到应答，可能已送达；divide 有号码被拒，拆开重发 · sent: accepted upstream; refused upstream; again: not sent, tried later; unsure: no answer, it may have arrived; divide: some numbers were refused, sent again in parts */
    outcome: 'sent' | 'refused' | 'again' | 'unsure' | 'divide'
    /** 上游的消息编号，或原因 · Upstream's id of the message, or the reason */
    answer: string
  }[]
  /** 没有收到的成员，最多 1000 个 · Members who did not get it, at most 1000 */
  failed: {
    /** 用户 id · Id of the member */
    userId: string
    /** 原因 · Why */
    reason: string
    /** failed 发送失败；unknown 无法确认是否送达 · failed; unknown: nobody knows whether it arrived */
    state: 'failed' | 'unknown'
  }[]
}

export type MessageWhyInput = {
  /** 消息 id · Id of the message */
  msgId: string
  /** 成员 ID · Id of the member */
  userId: string
}

export type MessageWhyOutput = {
  /** 按时间先后 · In order of time */
  steps: {
    /** 时间，ISO 8601 · When, ISO 8601 */
    at: string
    /** 渠道；与渠道无关时为空 · The channel; empty where it is about none */
    channel: '' | 'wecom' | 'email' | 'sms' | 'official' | 'chat' | 'robot'
    /** accepted 已接受；wait 决定等待；collect 决定合并发送；drop 决定不发；send 决定发出；cancel 发出前已取消；queued 等待交给渠道；held 因限制推迟；retry 没有发出或应答不明，将重试；sent 渠道已接受；delivered 回执确认已送达；failed 没有送达；unknown 无法确认是否送达；cancelled 发出前已撤回；recalled 已撤回 · accepted accepted; wait decided to wait; collect decided to collect it in a digest; drop decided not to send it; send decided to send it; cancel cancelled before it left; queued waits to be handed to the channel; held held back by a limit; retry not sent or unclear, is tried again; sent the channel accepted it; delivered a receipt confirms that it arrived; failed it did not arrive; unknown it is unclear whether it arrived; cancelled recalled before it left; recalled recalled */
    what: 'accepted' | 'wait' | 'collect' | 'drop' | 'send' | 'cancel' | 'queued' | 'held' | 'retry' | 'sent' | 'delivered' | 'failed' | 'unknown' | 'cancelled' | 'recalled'
    /** 原因，按 Accept-Language；没有则为空 · Why, by Accept-Language; empty if there is none */
    cause: string
    /** 到什么时候 · Until when */
    until?: string
    /** 这一步属于合并发送的那条消息时：其 msgId · Where the step is about the digest that carries the message: its msgId */
    digest?: string
  }[]
  /** 这条消息是合并发送时：其中各消息的 msgId，最新在前，最多 200 条 · Where the message is a digest: the msgIds of those that it carries, the newest first, at most 200 */
  collected?: string[]
}

export type MessageTypeFiguresInput = {
  /** 消息类型的 key；- 为没有指定类型的消息 · Key of the message type; - for messages without a type */
  key: string
  /** 最近几天，含今天；默认 7 · How many of the latest days, with today; 7 by default */
  days?: '7' | '30' | '90' | undefined
}

export type MessageTypeFiguresOutput = {
  /** 消息类型的 key · Key of the message type */
  key: string
  /** 最后一天的结束 · When the last day ends */
  to: string
  /** 这一天以前的消息可能已到期删除，只有统计 · Messages of the days before may be deleted by their age; their figures are kept */
  listedFrom: string
  /** 这些天之和 · The sum of these days */
  total: {
    /** 已接受的消息 · Messages that were accepted */
    accepted: number
    /** 这些消息的接收人次 · To how many people they were addressed, counted for each message */
    receivers: number
    /** 还在等待的消息 · Messages of which something waits */
    waiting: number
    /** 已交给渠道、渠道接受或可能接受的消息 · Messages that were handed to a channel which took them, or may have */
    left: number
    /** 渠道接受、且没有回报失败的消息 · Messages that a channel took and of which no failure was reported */
    reached: number
    /** 没有完全送达、或无法确认的消息 · Messages that did not reach everybody, or may not have */
    failed: number
    /** 有人查看的消息 · Messages that were read */
    read: number
    /** 查看的人次 · By how many people they were read */
    readers: number
    /** 有人点“收到”的消息 · Messages that were acknowledged */
    acknowledged: number
    /** 点“收到”的人次 · By how many people they were acknowledged */
    acknowledgers: number
    /** 因本人关闭而不发的消息 · Messages that somebody did not get because they switched them off */
    muted: number
    /** 因本人关闭而不发的人次 · How many people did not get them because of that */
    mutedPeople: number
    /** 过期而没有发出的消息 · Messages that expired before they left */
    expired: number
    /** 短信费用，单位分 · What their SMS cost, in fen */
    cost: number
  }
  /** 每天一项，今天在最后 · One for each day, today last */
  days: {
    /** 企业时区的日期 · The day, in the corp's zone */
    day: string
    /** 这一天的开始 · When it begins */
    from: string
    /** 统计于；空为还没有统计 · When it was counted; empty where it was not yet */
    countedAt: string
    /** 已接受的消息 · Messages that were accepted */
    accepted: number
    /** 这些消息的接收人次 · To how many people they were addressed, counted for each message */
    receivers: number
    /** 还在等待的消息 · Messages of which something waits */
    waiting: number
    /** 已交给渠道、渠道接受或可能接受的消息 · Messages that were handed to a channel which took them, or may have */
    left: number
    /** 渠道接受、且没有回报失败的消息 · Messages that a channel took and of which no failure was reported */
    reached: number
    /** 没有完全送达、或无法确认的消息 · Messages that did not reach everybody, or may not have */
    failed: number
    /** 有人查看的消息 · Messages that were read */
    read: number
    /** 查看的人次 · By how many people they were read */
    readers: number
    /** 有人点“收到”的消息 · Messages that were acknowledged */
    acknowledged: number
    /** 点“收到”的人次 · By how many people they were acknowledged */
    acknowledgers: number
    /** 因本人关闭而不发的消息 · Messages that somebody did not get because they switched them off */
    muted: number
    /** 因本人关闭而不发的人次 · How many people did not get them because of that */
    mutedPeople: number
    /** 过期而没有发出的消息 · Messages that expired before they left */
    expired: number
    /** 短信费用，单位分 · What their SMS cost, in fen */
    cost: number
  }[]
}

export type MessageUrgeInput = {
  /** 消息 id · Id of the message */
  msgId: string
}

export type MessageUrgeOutput = {
  /** 提醒的消息 id · Id of the reminder */
  msgId: string
  /** 提醒了多少人 · How many people are reminded */
  receivers: number
  /** 还有多少人没有做到、这次没有提醒（30 分钟内已提醒、已提醒 3 次，或一次超过 10000 人） · How many others have not done it and are not reminded now: within the last 30 minutes, 3 times already, or beyond 10000 at a time */
  left: number
}

export type MessageCancelInput = {
  /** 消息 id · Id of the message */
  msgId?: string | undefined
  /** 消息类型的 key · Key of the message type */
  type?: string | undefined
  /** 业务编号 · Number of the matter */
  about?: string | undefined
  /** 1：已发出的也撤回 · 1: what has left is recalled, too */
  recall?: '0' | '1' | undefined
}

export type MessageCancelOutput = {
  /** 取消了多少：等待中的按人数，已排队的按条数 · How much was cancelled: persons who waited, parts that were queued */
  cancelled: number
  /** 撤回的条数 · How many parts were recalled */
  recalled: number
  /** 已发出、没有撤回的条数 · How many parts have left and stay */
  left: number
}

export type MessageRecallInput = {
  /** 消息 id · Id of the message */
  msgId: string
}

export type MessageRecallOutput = {
  /** 撤回的条数 · How many parts were recalled */
  recalled: number
  /** 未能撤回的条数 · How many parts could not be recalled */
  unrecalled: number
}

export type InboxSessionInput = {
  /** 登录者的 jessionId · jessionId of the person who is signed in */
  jessionId?: string | undefined
  /** OpenID Connect 的 access_token，由这个开发者的应用取得 · access_token of OpenID Connect that an app of this developer got */
  accessToken?: string | undefined
  /** 成员 ID · Id of the member */
  userId?: string | undefined
  /** 页面的来源，如 https://oa.example.com · Origin of the page, such as https://oa.example.com */
  origin: string
}

export type InboxSessionOutput = {
  /** 收件箱凭证 · The ticket of the inbox */
  ticket: string
  /** 有效秒数 · Seconds until it expires */
  expiresIn: number
}

export type MessageCardInput = {
  /** 消息 id · Id of the message */
  msgId: string
  /** answered 已回答（默认）；unanswered 未回答 · answered (the default) or unanswered */
  state?: 'answered' | 'unanswered' | undefined
  /** 页码，从 1 起 · Page, from 1 */
  pageNo?: number | undefined
  /** 每页条数，默认 50 · How many a page; 50 by default */
  pageSize?: number | undefined
}

export type MessageCardOutput = {
  /** 消息 id；提醒的 id 换成原消息的 · Id of the message; for a reminder, that of the message that it reminds of */
  msgId: string
  /** 卡片类型 · Kind of the card */
  cardType: string
  counts: {
    /** 收到的人数 · How many people got it */
    receivers: number
    /** 已回答的人数 · How many of them have answered */
    answered: number
    /** 未回答的人数 · How many have not */
    unanswered: number
  }
  /** 各按钮 · By button */
  keys: {
    /** key · Its key */
    key: string
    /** 按钮或菜单项的文字 · What stands on it */
    text: string
    /** 多少人 · How many people */
    persons: number
  }[]
  /** 各问题的各选项 · By question and option */
  questions: {
    /** question_key */
    questionKey: string
    /** 问题 · The question */
    title: string
    options: {
      /** 选项的 id · Id of the option */
      id: string
      /** 选项的文字 · Text of the option */
      text: string
      /** 多少人 · How many people */
      persons: number
    }[]
  }[]
  /** 右上角菜单的各项 · By line of the menu in the corner */
  menu: {
    /** key · Its key */
    key: string
    /** 按钮或菜单项的文字 · What stands on it */
    text: string
    /** 多少人 · How many people */
    persons: number
  }[]
  /** firstPressWins：谁先回答；没有则为空 · With firstPressWins, who answered first; else empty */
  firstUserId: string
  /** 还能更新多少人的卡片 · How many people's cards can still be changed */
  updatable: number
  /** 提醒 · Reminders */
  reminders: {
    /** 提醒的消息 id · Id of the reminder */
    msgId: string
    /** 时间 · When */
    at: string
    /** 人数 · To how many people */
    receivers: number
  }[]
  list: {
    /** 成员 · The member */
    userId: string
    /** 最近一次点击的 key；未回答为空 · Key of the newest press; empty for who has not answered */
    key: string
    /** 所选的选项 · What was chosen */
    selected: {
      /** 问题的 question_key · question_key of the question */
      questionKey: string
      /** 所选选项的 id · Ids of the options that were chosen */
      optionIds: string[]
    }[]
    /** 是否有效 · Whether it counts */
    accepted: boolean
    /** 时间 · When */
    at: string
  }[]
  /** 这一状态的总人数 · How many people in this state */
  total: number
}

export type MessageCardUpdateInput = {
  /** 消息 id · Id of the message */
  msgId: string
  /** 只更新这些成员的卡片；不填为收到的所有人 · Only the cards of these members; all who got it by default */
  userIds?: readonly string[] | string | undefined
  /** 按钮变灰后的文字，用于交互类卡片 · What the grey buttons say, for interactive cards */
  replaceName?: string | undefined
  /** 换成的新卡片，可以是任何一种；与 replaceName 填一个 · The card that takes its place, of any kind; either this or replaceName */
  card?: Record<string, unknown> | string | undefined
  /** 新卡片的按钮变灰后的文字，例如已提交 · Makes the buttons of the new card grey with this text */
  replaceText?: string | undefined
}

export type MessageCardUpdateOutput = {
  /** 多少人的卡片已更新 · How many people's cards were changed */
  updated: number
  /** 企业微信不接受的用户，| 分隔 · Members whom WeCom refused, separated by | */
  invaliduser: string
  /** 没有更新的成员（最多 1000 个） · Whose cards were not changed (at most 1000) */
  failed: {
    /** 用户 · The member */
    userId: string
    /** 没有更新的原因 · Why the card was not changed */
    reason: string
  }[]
  /** 企业微信接受、但不会按原样显示给所有人的内容 · What WeCom takes but does not show to everybody as it is written */
  warnings?: {
    /** 字段，如 card.main_title.title · Field, such as card.main_title.title */
    path: string
    /** 企业微信会怎样处理 · What WeCom makes of it */
    message: string
  }[]
}

export type MessageCardRemindInput = {
  /** 消息 id · Id of the message */
  msgId: string
}

export type MessageCardRemindOutput = {
  /** 提醒的消息 id · Id of the reminder */
  msgId: string
  /** 提醒了多少人 · How many people are reminded */
  receivers: number
}

export type PayBillCreateInput = {
  /** 多个账单，此时不填其余字段 · Several bills; the other fields are empty then */
  list?: readonly {
    /** 账单号，由创建者编号，不含空格 · Number of the bill, given by its creator, without blanks */
    billNo: string
    /** 付款成员的 userId · userId of the payer */
    userId: string
    /** 名称 · Name */
    title: string
    /** 金额，单位分 · Amount in fen */
    amount: number
    /** 明细，合计应等于 amount · Items, which add up to amount */
    items?: readonly {
      /** 名称 · Name */
      name: string
      /** 单价，单位分；优惠为负数 · Price of one in fen; negative for a discount */
      amount: number
      /** 数量，默认 1 · How many; 1 by default */
      quantity?: number | undefined
    }[] | undefined
    /** 到期时间，ISO 8601，带时区 · Due at, ISO 8601 with its zone */
    dueAt?: string | undefined
    /** 备注 · Remark */
    remark?: string | undefined
    /** 附件的 https 链接 · https link to an attachment */
    attachmentUrl?: string | undefined
    /** true（或 1）：通过消息中心通知付款人，到期前一天再提醒一次；默认 false · true (or 1): tell the payer by a message, and once more a day before it is due; false by default */
    notify?: boolean | undefined
    /** 商户号，不填为默认商户 · Merchant; the default one without it */
    mchId?: string | undefined
  }[] | undefined
  /** 账单号，由创建者编号，不含空格 · Number of the bill, given by its creator, without blanks */
  billNo?: string | undefined
  /** 付款成员的 userId · userId of the payer */
  userId?: string | undefined
  /** 名称 · Name */
  title?: string | undefined
  /** 金额，单位分 · Amount in fen */
  amount?: number | undefined
  /** 明细，合计应等于 amount · Items, which add up to amount */
  items?: readonly {
    /** 名称 · Name */
    name: string
    /** 单价，单位分；优惠为负数 · Price of one in fen; negative for a discount */
    amount: number
    /** 数量，默认 1 · How many; 1 by default */
    quantity?: number | undefined
  }[] | undefined
  /** 到期时间，ISO 8601，带时区 · Due at, ISO 8601 with its zone */
  dueAt?: string | undefined
  /** 备注 · Remark */
  remark?: string | undefined
  /** 附件的 https 链接 · https link to an attachment */
  attachmentUrl?: string | undefined
  /** true（或 1）：通过消息中心通知付款人，到期前一天再提醒一次；默认 false · true (or 1): tell the payer by a message, and once more a day before it is due; false by default */
  notify?: boolean | undefined
  /** 商户号，不填为默认商户 · Merchant; the default one without it */
  mchId?: string | undefined
}

export type PayBillCreateOutput = CreatedBill | {
  list: CreatedBill[]
}

export type PayBillCloseInput = {
  /** 账单号 · Number of the bill */
  billNo: string
}

export type PayBillCloseOutput = {
  billNo: string
  state: 'closed'
}

export type PayBillGetInput = {
  /** 账单号 · Number of the bill */
  billNo: string
}

export type PayBillGetOutput = Bill

export type PayBillListInput = {
  /** 付款成员 · Payer */
  userId?: string | undefined
  /** 状态 · State */
  state?: 'open' | 'paid' | 'closed' | undefined
  /** 页码，从 1 起 · Page, from 1 */
  pageNo?: number | undefined
  /** 每页条数，默认 50 · How many a page; 50 by default */
  pageSize?: number | undefined
}

export type PayBillListOutput = {
  list: Bill[]
  /** 总数 · How many in all */
  total: number
}

export type PayRefundCreateInput = {
  /** 自己给这笔退款的编号：相同编号再次调用不会重复退款 · Your id of this refund: asking again under the same id refunds nothing twice */
  requestId: string
  /** 账单号 · Number of the bill */
  billNo: string
  /** 退款金额，单位分 · How much, in fen */
  amount: number
  /** 退款原因，付款人会看到；最多 80 字节，即 26 个汉字 · Why, which the payer sees; at most 80 bytes, which are 26 Chinese characters */
  reason?: string | undefined
}

export type PayRefundCreateOutput = {
  /** 退款单号 · Number of the refund */
  refundNo: string
  /** 申请时的 requestId · The requestId that it was asked for by */
  requestId: string
  /** 账单号 · Number of the bill */
  billNo: string
  /** 退款金额，单位分 · Refunded, in fen */
  amount: number
  /** 退款原因 · Why */
  reason: string
  /** asked 已提交，微信支付尚未受理（wisp 会查询并重试）；processing 处理中；success 已退款；closed 未成功，金额已释放；abnormal 异常，须人处理 · asked: not taken by WeChat Pay yet, which is asked and tried again; processing; success; closed: it failed, and its amount is free again; abnormal: needs a person */
  state: 'asked' | 'processing' | 'success' | 'closed' | 'abnormal'
  /** 状态的含义和处理办法 · What the state means, and what to do */
  advice: string
  /** 退到哪里，微信支付的原文；成功前为空 · Where it went, in WeChat Pay's words; empty before */
  receivedAccount: string
  /** 申请时间 · Asked for at */
  createdAt: string
  /** 结束时间，未结束为空 · Ended at; empty before */
  endedAt: string
}

export type PayRefundGetInput = {
  /** 自己给这笔退款的编号：相同编号再次调用不会重复退款 · Your id of this refund: asking again under the same id refunds nothing twice */
  requestId: string
}

export type PayRefundGetOutput = {
  /** 退款单号 · Number of the refund */
  refundNo: string
  /** 申请时的 requestId · The requestId that it was asked for by */
  requestId: string
  /** 账单号 · Number of the bill */
  billNo: string
  /** 退款金额，单位分 · Refunded, in fen */
  amount: number
  /** 退款原因 · Why */
  reason: string
  /** asked 已提交，微信支付尚未受理（wisp 会查询并重试）；processing 处理中；success 已退款；closed 未成功，金额已释放；abnormal 异常，须人处理 · asked: not taken by WeChat Pay yet, which is asked and tried again; processing; success; closed: it failed, and its amount is free again; abnormal: needs a person */
  state: 'asked' | 'processing' | 'success' | 'closed' | 'abnormal'
  /** 状态的含义和处理办法 · What the state means, and what to do */
  advice: string
  /** 退到哪里，微信支付的原文；成功前为空 · Where it went, in WeChat Pay's words; empty before */
  receivedAccount: string
  /** 申请时间 · Asked for at */
  createdAt: string
  /** 结束时间，未结束为空 · Ended at; empty before */
  endedAt: string
}

export type UnifiedPayAwaitPaySelectInput = {
  /** 平台唯一凭证 · The ticket of the platform */
  jessionId: string
}

export type UnifiedPayAwaitPaySelectOutput = null | {
  /** 未读消息条数，即待付款的账单数 · How many bills wait to be paid */
  size: string
  /** 统一支付 URL · Address of the payment page */
  url: string
}

export type SourcePutInput = {
  /** 人事源编号 · Number of the source */
  sourceId: number
  /** 人员，每行为列名到值 · People, each a value by column */
  people?: readonly (Record<string, string>)[] | undefined
  /** 部门 · Departments */
  departments?: readonly (Record<string, string>)[] | undefined
  /** 离职人员的唯一值 · Keys of people who left */
  removePeople?: readonly string[] | undefined
  /** 取消的部门编码 · Codes of departments that are no more */
  removeDepartments?: readonly string[] | undefined
  /** 1：全部提交完，生成预览 · 1: all was given, make a preview */
  complete?: '0' | '1' | undefined
}

export type SourcePutOutput = {
  /** 人员的结果，按提交的顺序 · What became of the people, in their order */
  people: {
    /** 这一行的唯一值 · Key of the row */
    key: string
    /** 是否保存 · Whether it was stored */
    ok: boolean
    /** 没有保存的原因，或被略去的字段 · Why it was not, or which fields were left out */
    why: string
  }[]
  /** 部门的结果 · What became of the departments */
  departments: {
    /** 这一行的唯一值 · Key of the row */
    key: string
    /** 是否保存 · Whether it was stored */
    ok: boolean
    /** 没有保存的原因，或被略去的字段 · Why it was not, or which fields were left out */
    why: string
  }[]
  /** 移除的结果 · What became of removals */
  removed: {
    /** 这一行的唯一值 · Key of the row */
    key: string
    /** 是否保存 · Whether it was stored */
    ok: boolean
    /** 没有保存的原因，或被略去的字段 · Why it was not, or which fields were left out */
    why: string
  }[]
}

export type Api = {
  org: {
    /**
     * 4.3 获取通讯录权限 · Get the departments that somebody may see: `GET /api/org/authList`
     *
     * jessionId 与 userId 二选一，同时给出时以 jessionId 为准。需要权限 directory:read。
     *
     * Give jessionId or userId; with both, jessionId counts. Needs the scope directory:read.
     */
    authList: {
      (input?: OrgAuthListInput, options?: CallOptions): Promise<OrgAuthListOutput>
    }
    /**
     * 4.6 获取部门上级列表 · List the departments above: `GET /api/org/higherList`
     *
     * 由近到远，最后是根部门，不含部门自身。开发者标记 listStyle: array 时 body 即为数组。需要权限 directory:read。
     *
     * From the nearest to the root, without the department itself. For developers with listStyle: array, body is the array. Needs the scope directory:read.
     */
    higherList: {
      (input: OrgHigherListInput, options?: CallOptions): Promise<OrgHigherListOutput>
    }
    /**
     * 4.7、4.9、4.10 获取部门下级列表；获取标签列表；获取标签成员 · List the departments below; list tags; list members of a tag: `GET /api/org/list`
     *
     * 文档中三个接口共用此路径：tagId 不为空时返回标签成员（4.10）；只有 devToken 时同时返回全量组织架构 list 和标签列表 tagList（4.7、4.9），支持 ETag；其余为部门下级列表（4.7）。带 jessionId 时只返回此人有权限的部门。需要权限 directory:read。
     *
     * Three calls of the interface document share this path: with tagId the members of the tag (4.10); with the devToken alone the whole tree as list and all tags as tagList (4.7, 4.9), with an ETag; else the departments below (4.7). With jessionId only what that person may see. Needs the scope directory:read.
     */
    list: {
      (input?: OrgListInput & { tagId?: undefined }, options?: CallOptions): Promise<Extract<OrgListOutput, { list: unknown }>>
      (input: OrgListInput & { tagId: string }, options?: CallOptions): Promise<Extract<OrgListOutput, { tagId: unknown }>>
    }
    /**
     * 4.9 获取标签列表 · List tags: `GET /api/org/tagList`
     *
     * 需要权限 directory:read。
     *
     * Needs the scope directory:read.
     */
    tagList: {
      (input?: OrgTagListInput, options?: CallOptions): Promise<OrgTagListOutput>
    }
    /**
     * 4.10 获取标签成员 · List the members of a tag: `GET /api/org/tagUserList`
     *
     * 需要权限 directory:read。
     *
     * Needs the scope directory:read.
     */
    tagUserList: {
      (input: OrgTagUserListInput, options?: CallOptions): Promise<OrgTagUserListOutput>
    }
    /**
     * 4.11 增加标签成员 · Add members to a tag: `POST /api/org/addTagUsers`
     *
     * userIdList、partyIdList 不能同时为空。先写入企业微信，再更新平台通讯录；无效的 ID 在应答中列出。需要权限 tag:write。
     *
     * At least one of userIdList and partyIdList. Written to WeCom first, then here; ids that are wrong are named in the answer. Needs the scope tag:write.
     */
    addTagUsers: {
      (input: OrgAddTagUsersInput, options?: CallOptions): Promise<OrgAddTagUsersOutput>
    }
    /**
     * 4.12 删除标签成员 · Remove members from a tag: `POST /api/org/removeTagUsers`
     *
     * userIdList、partyIdList 不能同时为空。先写入企业微信，再更新平台通讯录；无效的 ID 在应答中列出。需要权限 tag:write。
     *
     * At least one of userIdList and partyIdList. Written to WeCom first, then here; ids that are wrong are named in the answer. Needs the scope tag:write.
     */
    removeTagUsers: {
      (input: OrgRemoveTagUsersInput, options?: CallOptions): Promise<OrgRemoveTagUsersOutput>
    }
  }
  user: {
    /**
     * 4.4 获取成员信息 · Get a member: `GET /api/user/get`
     *
     * userId 不区分大小写。改过账号的成员，旧账号 30 天内仍可查到。需要权限 directory:read。
     *
     * Upper and lower case of the userId are the same. A member whose userid has changed is found by the old one for 30 days. Needs the scope directory:read.
     */
    get: {
      (input: UserGetInput, options?: CallOptions): Promise<UserGetOutput>
    }
    /**
     * 4.5 模糊搜索用户信息 · Search members: `POST /api/user/search`
     *
     * 按账号、姓名、别名、手机号和拼音（全拼、首字母）搜索，最匹配的在前；含 @ 时也按邮箱的开头搜索。开发者标记 listStyle: array 时 body 即为数组。此时后面还有人的应答带 x-wisp-more: 1。需要权限 directory:read。
     *
     * Searches userid, name, alias, mobile number and pinyin (whole or initials); the best match comes first. With an @ in it, what mail addresses begin with as well. For developers with listStyle: array, body is the array. Then an answer after which there are more has x-wisp-more: 1. Needs the scope directory:read.
     */
    search: {
      (input: UserSearchInput, options?: CallOptions): Promise<UserSearchOutput>
      /** 逐页读取整个列表。· Iterates the whole list, page by page while it is read. */
      all(input: UserSearchInput, options?: CallOptions): AsyncIterable<UserSearchOutput['list'][number]>
    }
    /**
     * 按手机号或邮箱查找成员 · Find a member by mobile number or mail address: `POST /api/user/find`
     *
     * mobile 与 email 二选一，完全相同才算找到；邮箱不区分大小写，+86 可写可不写。只在数据范围内查找；没有人返回 1007，不止一人返回 1000。需要权限 directory:mobile。
     *
     * Give either mobile or email, whole. Upper and lower case of an address are the same, and +86 may be left out. Looks within your data scope; nobody gives 1007, several members give 1000. Needs the scope directory:mobile.
     */
    find: {
      (input?: UserFindInput, options?: CallOptions): Promise<UserFindOutput>
    }
    /**
     * 4.8 获取部门成员 · List the members of a department: `GET /api/user/orgUserList`
     *
     * 不分页时最多返回 10000 人。同属多个下级部门的成员只出现一次。开发者标记 listStyle: array 时 body 即为数组。列表的返回形式为数组时没有 total，还有更多时应答头有 x-wisp-more: 1。需要权限 directory:read。
     *
     * Without pages at most 10000 members. A member of several departments below is listed once. For developers with listStyle: array, body is the array. Developers whose lists are arrays get no total; the header x-wisp-more: 1 says that there are more. Needs the scope directory:read.
     */
    orgUserList: {
      (input: UserOrgUserListInput, options?: CallOptions): Promise<UserOrgUserListOutput>
      /** 逐页读取整个列表。· Iterates the whole list, page by page while it is read. */
      all(input: UserOrgUserListInput, options?: CallOptions): AsyncIterable<UserOrgUserListOutput['list'][number]>
    }
    /**
     * 3.2 获取登录用户信息 · Get the person who is signed in: `GET /api/user/getInfo`
     *
     * jessionId 已失效，或属于其他开发者的应用时，body 为 null，需提示用户重新登录。roleLevel: 0 普通成员，1 系统超级管理员，2 超级管理员，3 分级管理员。系统超级管理员没有 orgList。需要权限 directory:read。
     *
     * body is null when the jessionId has expired or belongs to another developer’s app: ask the person to sign in again. roleLevel: 0 member, 1 system super administrator, 2 super administrator, 3 graded administrator. A system super administrator has no orgList. Needs the scope directory:read.
     */
    getInfo: {
      (input: UserGetInfoInput, options?: CallOptions): Promise<UserGetInfoOutput>
    }
  }
  file: {
    /**
     * 读取文件（头像） · Read a file (picture): `GET /api/file/get`
     *
     * 返回图片本身。fileId 来自成员的 fileId 字段。需要权限 directory:read。
     *
     * The answer is the picture itself. fileId is what a member has. Needs the scope directory:read.
     */
    get: {
      (input: FileGetInput, options?: CallOptions): Promise<FileGetOutput>
    }
    /**
     * 头像链接 · Link to a picture: `GET /api/file/avatar`
     *
     * avatarUrl 字段指向这里，一小时内有效，无需 devToken，可直接用于网页。
     *
     * Where avatarUrl leads; good for an hour, needs no devToken, and can stand in a page.
     */
    avatar: {
      (input: FileAvatarInput, options?: CallOptions): Promise<FileAvatarOutput>
    }
  }
  directory: {
    /**
     * 通讯录变更流 · Changes of the address book: `GET /api/directory/changes`
     *
     * 返回序号大于 since 的变更，每条一次，附当前数据。保存 next 作为下次的 since；more 为 true 时立即再取。resync 为 true 时变更已不完整（超过 30 天或数据范围已变），请全量读取后从 next 继续。需要权限 directory:read。
     *
     * Changes with a number above since, each once, with what is so now. Keep next as the next since; when more is true ask again at once. When resync is true the changes are not whole (older than 30 days, or the data scope changed): read everything, then go on from next. Needs the scope directory:read.
     */
    changes: {
      (input?: DirectoryChangesInput, options?: CallOptions): Promise<DirectoryChangesOutput>
    }
  }
  syncController: {
    /**
     * 4.2 通讯录数据同步通知 · Tell of a change of the address book: `GET /admin/syncController/callback`
     *
     * 第三方调用企业微信接口变更通讯录时，企业微信不会回调，由此通知平台。平台收到后向企业微信核实，以企业微信的数据为准。
     *
     * WeCom sends no callback about changes that you make by its API, so tell the platform here. The platform asks WeCom, and believes WeCom.
     */
    callback: {
      (input: SyncControllerCallbackInput, options?: CallOptions): Promise<SyncControllerCallbackOutput>
    }
  }
  group: {
    /**
     * 人群列表 · List groups: `GET /api/group/list`
     *
     * 人群由管理员按规则或名单设置，平台随通讯录变化自动更新成员。开发者有数据范围时，只返回数据范围中的人群。需要权限 directory:read。
     *
     * Groups are set up by administrators as a rule, a list, or both, and follow the address book by themselves. A developer with a data scope gets the groups of that scope. Needs the scope directory:read.
     */
    list: {
      (input?: GroupListInput, options?: CallOptions): Promise<GroupListOutput>
    }
    /**
     * 获取人群成员 · List the members of a group: `GET /api/group/members`
     *
     * 按 pageNo、pageSize 分页。total 是人群的总人数；list 只有调用者可见的成员。需要权限 directory:read。
     *
     * In pages by pageNo and pageSize. total is how many the group has; list has those whom the caller sees. Needs the scope directory:read.
     */
    members: {
      (input: GroupMembersInput, options?: CallOptions): Promise<GroupMembersOutput>
      /** 逐页读取整个列表。· Iterates the whole list, page by page while it is read. */
      all(input: GroupMembersInput, options?: CallOptions): AsyncIterable<GroupMembersOutput['list'][number]>
    }
  }
  token: {
    /**
     * 3.1 获取应用 token · Get a devToken: `GET|POST /api/token/getDevToken`
     *
     * 两小时内有效，再次获取不会使已有的 devToken 失效。同一 devId 与地址每分钟错误 10 次后返回 1010，正确的密钥始终可用。
     *
     * Valid for two hours; another one does not end those that you have. After 10 wrong secrets a minute for a devId and address the answer is 1010; the right secret always works.
     */
    getDevToken: {
      (input: TokenGetDevTokenInput, options?: CallOptions): Promise<TokenGetDevTokenOutput>
    }
  }
  developer: {
    /**
     * 当前开发者 · Who is calling: `GET /api/developer/self`
     *
     * devToken 属于哪个开发者、它的权限，以及数据范围内可用于试调用的值。
     *
     * Which developer the devToken is of, its permissions, and values within its data scope to try calls with.
     */
    self: {
      (input?: DeveloperSelfInput, options?: CallOptions): Promise<DeveloperSelfOutput>
    }
  }
  security: {
    /**
     * 2.3 登记设备 · Register a device: `POST /api/security/device`
     *
     * 换取设备的主密钥（X25519）；不能做 X25519 的客户端经 https 只传 deviceId，应答为 {deviceId, masterKey}。已登记的设备须以现有主密钥证明（timestamp、nonce、proof）。格式见 /docs/build/packet-format。
     *
     * Exchanges the master key of a device (X25519); a client without X25519 sends deviceId alone over https and gets {deviceId, masterKey}. A device that is registered proves itself with its master key (timestamp, nonce, proof). See /docs/en/build/packet-format.
     */
    device: {
      (input: SecurityDeviceInput, options?: CallOptions): Promise<SecurityDeviceOutput>
    }
    /**
     * 2.3 取得签名密钥和数据加密密钥 · Open a session: signing key and data key: `POST /api/security/session`
     *
     * 两个密钥由主密钥、nonce 和 sessionId 推导，不在网络上传输。每个设备最多 16 个会话，最早的先失效。格式见 /docs/build/packet-format。
     *
     * Both keys are derived from master key, nonce and sessionId, and never sent. A device has at most 16 sessions; the oldest goes first. See /docs/en/build/packet-format.
     */
    session: {
      (input: SecuritySessionInput, options?: CallOptions): Promise<SecuritySessionOutput>
    }
  }
  webhook: {
    /**
     * 创建事件订阅 · Make a webhook: `POST /api/webhook/create`
     *
     * 事件以 POST 发到 url，格式为 Standard Webhooks：webhook-id（重试和重放时不变，用于去重）、webhook-timestamp、webhook-signature。15 秒内应答 2xx 即为收到，其它应答（包括重定向）为失败，24 小时内重试，间隔逐渐变长。同一对象的事件按顺序投递。每个开发者最多 10 个订阅。需要权限 webhook:manage。
     *
     * Events are posted to url in the Standard Webhooks format: webhook-id (the same for retries and replays, to recognise them by), webhook-timestamp, webhook-signature. A 2xx within 15 seconds means received; anything else, a redirect too, is a failure, which is retried for 24 hours at growing intervals. Events of one object come in order. A developer has at most 10 webhooks. Needs the scope webhook:manage.
     */
    create: {
      (input: WebhookCreateInput, options?: CallOptions): Promise<WebhookCreateOutput>
    }
    /**
     * 修改、启用或停用事件订阅 · Change a webhook, switch it on or off: `POST /api/webhook/update`
     *
     * 没有填写的不变；types 填空数组为全部。停用期间的事件在启用后补发，最早到 30 天前。需要权限 webhook:manage。
     *
     * What is left out stays; an empty array of types means all. Events of the time when it was off follow once it is on, up to 30 days old. Needs the scope webhook:manage.
     */
    update: {
      (input: WebhookUpdateInput, options?: CallOptions): Promise<WebhookUpdateOutput>
    }
    /**
     * 删除事件订阅 · Delete a webhook: `POST /api/webhook/delete`
     *
     * 其投递记录一并删除。需要权限 webhook:manage。
     *
     * Its log goes with it. Needs the scope webhook:manage.
     */
    delete: {
      (input: WebhookDeleteInput, options?: CallOptions): Promise<WebhookDeleteOutput>
    }
    /**
     * 事件订阅列表 · List webhooks: `GET /api/webhook/list`
     *
     * 需要权限 webhook:manage。
     *
     * Needs the scope webhook:manage.
     */
    list: {
      (input?: WebhookListInput, options?: CallOptions): Promise<WebhookListOutput>
    }
    /**
     * 查询事件订阅 · Get a webhook: `GET /api/webhook/get`
     *
     * 需要权限 webhook:manage。
     *
     * Needs the scope webhook:manage.
     */
    get: {
      (input: WebhookGetInput, options?: CallOptions): Promise<WebhookGetOutput>
    }
    /**
     * 更换事件订阅的密钥 · Replace the secret of a webhook: `POST /api/webhook/rotate`
     *
     * 旧密钥在 keepHours 小时内同时签名，请在此期间换用新密钥；更早的密钥立即失效。需要权限 webhook:manage。
     *
     * The old secret signs too for keepHours: change to the new one within that time. One that is older still ends at once. Needs the scope webhook:manage.
     */
    rotate: {
      (input: WebhookRotateInput, options?: CallOptions): Promise<WebhookRotateOutput>
    }
    /**
     * 事件投递记录 · Log of deliveries: `GET /api/webhook/log`
     *
     * 新的在前；下一页以 next 作为 before，没有更多时 next 为 0。填 seq 时只返回这个事件，并附每次尝试的请求与应答。记录保留 30 天，请求与应答 7 天。需要权限 webhook:manage。
     *
     * New ones first; next is the before of the next page, and 0 when there is no more. With seq that event alone, with the request and answer of each attempt. The log is kept for 30 days, requests and answers for 7. Needs the scope webhook:manage.
     */
    log: {
      (input: WebhookLogInput, options?: CallOptions): Promise<WebhookLogOutput>
      /** 逐页读取整个列表。· Iterates the whole list, page by page while it is read. */
      all(input: WebhookLogInput, options?: CallOptions): AsyncIterable<WebhookLogOutput['list'][number]>
    }
    /**
     * 发送测试事件 · Send a test event: `POST /api/webhook/test`
     *
     * 立即发送一个 webhook.test 事件，或所选类型的示例，并返回结果；seq 为 0，不重试，不影响订阅的状态。需要权限 webhook:manage。
     *
     * Sends an event webhook.test, or the sample of the chosen type, at once and answers what became of it; its seq is 0, it is not retried, and does not change the state of the webhook. Needs the scope webhook:manage.
     */
    test: {
      (input: WebhookTestInput, options?: CallOptions): Promise<WebhookTestOutput>
    }
    /**
     * 重新投递事件 · Deliver events again: `POST /api/webhook/replay`
     *
     * 填 seq（一个事件）、fromSeq 与 toSeq（编号范围）或 from 与 to（时间范围），最多 10000 个。webhook-id 与原来相同；还在等待重试的立即再试。需要权限 webhook:manage。
     *
     * Give seq (one event), fromSeq and toSeq (a range of numbers) or from and to (a range of time), at most 10000 events. Their webhook-ids are the same; what still waits for a retry is tried at once. Needs the scope webhook:manage.
     */
    replay: {
      (input: WebhookReplayInput, options?: CallOptions): Promise<WebhookReplayOutput>
    }
  }
  ticket: {
    /**
     * 签发 jessionId · Issue a jessionId: `POST /api/ticket/issue`
     *
     * 为自己的应用和一名已由应用自行认证的成员签发 jessionId，例如一码通小程序。需要权限 ticket:issue。
     *
     * For an app of your own and a member whom it has authenticated itself, such as in a mini-program. Needs the scope ticket:issue.
     */
    issue: {
      (input: TicketIssueInput, options?: CallOptions): Promise<TicketIssueOutput>
    }
  }
  jssdk: {
    /**
     * 企业微信 JS-SDK 的签名 · Sign a page for the JS-SDK of WeCom: `GET /api/jssdk/config`
     *
     * 供企业微信里打开的页面使用：config 交给 wx.config，agentConfig 交给 wx.agentConfig。页面须在开发者自己的、agentId 相同且已启用的应用登记的来源上；地址中 # 及其后的部分不参与签名。由应用的服务器调用，应答原样交给 SDK 的 configure()，devToken 不得出现在页面里。
     *
     * For pages that are opened in WeCom: config goes to wx.config, agentConfig to wx.agentConfig. The page is on a registered origin of an enabled app of yours with this agentId; what follows # in its address is not signed. Your server makes the call and gives the answer to the SDK’s configure() as it is; a devToken never belongs into a page.
     */
    config: {
      (input: JssdkConfigInput, options?: CallOptions): Promise<JssdkConfigOutput>
    }
  }
  todo: {
    /**
     * 写入待办 · Put to-dos: `POST /api/todo/put`
     *
     * 应用、编号和人确定一条待办：没有时新建，已有时改为这里的内容；已办和已撤回的可以重新打开。一次最多 500 条，每条各有结果，一条有错不影响其他。同一条在一次里出现两次时以后面的为准。需要权限 todo:write。
     *
     * App, number and person identify a to-do: a new one is created, one that is there becomes what is given here, and what was done or withdrawn may be opened again. Up to 500 at once, each with its own result; what is wrong with one does not keep the others out. Of one that is given twice the later counts. Needs the scope todo:write.
     */
    put: {
      (input: TodoPutInput, options?: CallOptions): Promise<TodoPutOutput>
    }
    /**
     * 办结待办 · Finish a to-do: `POST /api/todo/finish`
     *
     * 不填 userId 时办结这个编号下所有人的。已结束的不变，再次调用仍返回成功。需要权限 todo:write。
     *
     * Without userId everybody's of this number. What has ended stays as it is, and to finish it again succeeds. Needs the scope todo:write.
     */
    finish: {
      (input: TodoFinishInput, options?: CallOptions): Promise<TodoFinishOutput>
    }
    /**
     * 撤回待办 · Withdraw a to-do: `POST /api/todo/withdraw`
     *
     * 不填 userId 时撤回这个编号下所有人的。已结束的不变。需要权限 todo:write。
     *
     * Without userId everybody's of this number. What has ended stays as it is. Needs the scope todo:write.
     */
    withdraw: {
      (input: TodoWithdrawInput, options?: CallOptions): Promise<TodoWithdrawOutput>
    }
    /**
     * 查询待办 · Get a to-do: `GET /api/todo/get`
     *
     * 一个编号下每个人一条；没有时列表为空。只含数据范围内的人。需要权限 todo:read。
     *
     * One for each person of the number; an empty list when there is none. Only people within your data scope. Needs the scope todo:read.
     */
    get: {
      (input: TodoGetInput, options?: CallOptions): Promise<TodoGetOutput>
    }
    /**
     * 待办列表 · List to-dos: `GET /api/todo/list`
     *
     * 自己应用的待办，新的在前；人不在数据范围内的不返回，但计入 total。需要权限 todo:read。
     *
     * The to-dos of your apps, new ones first; those of people outside of your data scope are left out, and counted in total. Needs the scope todo:read.
     */
    list: {
      (input?: TodoListInput, options?: CallOptions): Promise<TodoListOutput>
      /** 逐页读取整个列表。· Iterates the whole list, page by page while it is read. */
      all(input?: TodoListInput, options?: CallOptions): AsyncIterable<TodoListOutput['list'][number]>
    }
    /**
     * 待办数量 · Count to-dos: `GET /api/todo/count`
     *
     * 自己应用的待办有多少条，可按人、应用、类型和状态。需要权限 todo:read。
     *
     * How many to-dos your apps have, by person, app, kind and state. Needs the scope todo:read.
     */
    count: {
      (input?: TodoCountInput, options?: CallOptions): Promise<TodoCountOutput>
    }
    /**
     * 核对一个人的待办 · Reconcile a person's to-dos: `POST /api/todo/reconcile`
     *
     * 把一个人在应用里此刻未办的全部列出：这里没有的新建；这里未办、清单里没有、且在 asOf 之前修改的撤回；之后修改的保留。最多 500 条，有错时全部不变。需要权限 todo:write。
     *
     * Give all that a person has open in the app at a moment: what is missing here is created; what is open here, absent from the list and was changed before asOf is withdrawn; what was changed later stays. Up to 500; when one is wrong nothing changes. Needs the scope todo:write.
     */
    reconcile: {
      (input: TodoReconcileInput, options?: CallOptions): Promise<TodoReconcileOutput>
    }
  }
  badge: {
    /**
     * 设置应用角标 · Set numbers on an app's tile: `POST /api/badge/set`
     *
     * 自己计数的应用在工作台上的数字；用待办的应用显示其待办数，不需要设置。最多 500 个，有错时全部不变。需要权限 todo:write。
     *
     * The number on the tile of an app that counts itself; an app with to-dos shows those and needs none. Up to 500; when one is wrong nothing changes. Needs the scope todo:write.
     */
    set: {
      (input: BadgeSetInput, options?: CallOptions): Promise<BadgeSetOutput>
    }
  }
  approval: {
    /**
     * 提交审批 · Submit an approval: `POST /api/approval/apply`
     *
     * 以成员的名义提交企业微信审批。fields 以字段名为键，先按模板检查：必填、种类、选项，错误说明是哪个字段。日期写 "2026-12-03"，时间写 "2026-12-03T09:00"（企业时区），起止写 {begin, end}，选项写名称，成员写 userId，文件写 message/media 返回的 mediaId，明细写行的数组。没有 approvers 时用模板的流程。相同的 requestId 不会再次提交，得到同一个审批；企业微信没有应答时，平台按申请人、模板和时间查询，status 为 applying 或 unknown，不会再次提交。超级管理员须授权此开发者提交该模板。需要权限 approval:write。
     *
     * Submits an approval of WeCom for a member. fields has values by the names of fields, and is checked against the template first: what is required, kinds, options; an error names the field. Give a date as "2026-12-03", a time as "2026-12-03T09:00" in the zone of the corp, a range as {begin, end}, an option by its name, members as userIds, files as mediaIds of message/media, and rows as an array. Without approvers the flow of the template counts. The same requestId is never submitted again and gives the same approval; when WeCom does not answer, wisp looks for it by applicant, template and time, with status applying or unknown. A super administrator grants the template to this developer. Needs the scope approval:write.
     */
    apply: {
      (input: ApprovalApplyInput, options?: CallOptions): Promise<ApprovalApplyOutput>
    }
    /**
     * 查询审批 · Get an approval: `GET /api/approval/get`
     *
     * 按单号或 requestId 查询审批的状态、环节和内容。自己提交的都可以查询；他人的须获准查看该模板的全部审批。申请人须在数据范围内。需要权限 approval:read。
     *
     * Tells the state, steps and content of an approval by its number or by requestId: of those that you submitted, and of all of a template that you were granted to read. The applicant must be within the data scope. Needs the scope approval:read.
     */
    get: {
      (input?: ApprovalGetInput, options?: CallOptions): Promise<ApprovalGetOutput>
    }
    /**
     * 列出审批 · List approvals: `GET /api/approval/list`
     *
     * 列出可以查看的审批，最近的在前。nextId 不为空时，用它作 afterId 取下一页。平台开始跟踪模板之前的审批不在其中。需要权限 approval:read。
     *
     * Lists the approvals that you may see, the latest first. Give nextId as afterId for the next page, while it is not empty. Approvals of before wisp followed the template are not there. Needs the scope approval:read.
     */
    list: {
      (input?: ApprovalListInput, options?: CallOptions): Promise<ApprovalListOutput>
      /** 逐页读取整个列表。· Iterates the whole list, page by page while it is read. */
      all(input?: ApprovalListInput, options?: CallOptions): AsyncIterable<ApprovalListOutput['list'][number]>
    }
    /**
     * 列出审批模板 · List approval templates: `GET /api/approval/templates`
     *
     * 列出授权给此开发者的审批模板、它们的字段、种类和选项。需要权限 approval:read。
     *
     * Lists the templates that are granted to this developer, with their fields, kinds and options. Needs the scope approval:read.
     */
    templates: {
      (input?: ApprovalTemplatesInput, options?: CallOptions): Promise<ApprovalTemplatesOutput>
    }
  }
  agent: {
    /**
     * 成员发给应用的图片、语音、视频 · A picture, voice or video that somebody sent to an agent: `GET /api/agent/media`
     *
     * 返回文件本身，最大 20 MB。mediaId 来自告诉过您的 agent.message 的 fields.MediaId 或 ThumbMediaId；企业微信保留三天。需要权限 agent:read。
     *
     * The answer is the file itself, at most 20 MB. mediaId is fields.MediaId or ThumbMediaId of an agent.message that you were told of; WeCom keeps it for three days. Needs the scope agent:read.
     */
    media: {
      (input: AgentMediaInput, options?: CallOptions): Promise<AgentMediaOutput>
    }
  }
  official: {
    /**
     * 公众号列表 · List official accounts: `GET /api/official/accounts`
     *
     * 开发者可用的公众号和服务号。需要权限 official:read。
     *
     * The official accounts that you may use. Needs the scope official:read.
     */
    accounts: {
      (input?: OfficialAccountsInput, options?: CallOptions): Promise<OfficialAccountsOutput>
    }
    follower: {
      /**
       * 粉丝详情 · Get a follower: `GET /api/official/follower/get`
       *
       * openid、unionid、userId 填一个。需要权限 official:read。
       *
       * Give one of openid, unionid and userId. Needs the scope official:read.
       */
      get: {
        (input: OfficialFollowerGetInput, options?: CallOptions): Promise<OfficialFollowerGetOutput>
      }
      /**
       * 粉丝列表 · List followers: `GET /api/official/follower/list`
       *
       * 按 openid 排序分页：nextOpenid 不为空时，作为下一页的 afterOpenid。openids、unionids、userIds 只取其中的粉丝；没有的不在列表中。需要权限 official:read。
       *
       * Pages in the order of openids: when nextOpenid is not empty, it is the next afterOpenid. openids, unionids and userIds take these followers only; those who do not exist are left out. Needs the scope official:read.
       */
      list: {
        (input: OfficialFollowerListInput, options?: CallOptions): Promise<OfficialFollowerListOutput>
        /** 逐页读取整个列表。· Iterates the whole list, page by page while it is read. */
        all(input: OfficialFollowerListInput, options?: CallOptions): AsyncIterable<OfficialFollowerListOutput['list'][number]>
      }
    }
    message: {
      /**
       * 发送客服消息 · Send a customer-service message: `POST /api/official/message/send`
       *
       * 只能发给 48 小时内发来过消息的粉丝（5 条），或一分钟内点菜单、关注、扫码的粉丝（3 条）。接受的消息只发送一次；2 秒内没有结果时返回 waiting 或 sending，之后用相同的 requestId 再调用即可得到结果，不会重复发送。需要权限 official:write。
       *
       * Only to followers who wrote within 48 hours (5 messages), or who used the menu, followed or scanned within a minute (3). An accepted message is sent once; without a result within 2 seconds the state is waiting or sending: call again with the same requestId for the result, which sends nothing twice. Needs the scope official:write.
       */
      send: {
        (input: OfficialMessageSendInput, options?: CallOptions): Promise<OfficialMessageSendOutput>
      }
    }
    event: {
      /**
       * 公众号推送的消息和事件 · Messages and events of official accounts: `GET /api/official/event/list`
       *
       * 按编号递增，每个推送一次（微信的重复推送只算一次）；收到 5 秒后可见，保留期同事件记录。用返回的 nextSince 作为下次的 since。需要权限 official:read。
       *
       * In rising numbers, each push once (what WeChat repeats counts once); visible 5 seconds after it came, and kept as long as the log of events. nextSince is the next since. Needs the scope official:read.
       */
      list: {
        (input?: OfficialEventListInput, options?: CallOptions): Promise<OfficialEventListOutput>
        /** 逐页读取整个列表。· Iterates the whole list, page by page while it is read. */
        all(input?: OfficialEventListInput, options?: CallOptions): AsyncIterable<OfficialEventListOutput['list'][number]>
      }
    }
    jssdk: {
      /**
       * JS-SDK 的签名 · Sign a page for the JS-SDK: `GET /api/official/jssdk/config`
       *
       * 结果交给页面的 wx.config。页面须在开发者某个应用登记的来源上；地址中 # 及其后的部分不参与签名。需要权限 official:read。
       *
       * The result goes to wx.config on the page. The page is on a registered origin of one of your apps; what follows # in its address is not signed. Needs the scope official:read.
       */
      config: {
        (input: OfficialJssdkConfigInput, options?: CallOptions): Promise<OfficialJssdkConfigOutput>
      }
    }
    template: {
      /**
       * 发送模板消息或订阅通知 · Send a template or subscription message: `POST /api/official/template/send`
       *
       * 向一个粉丝发送模板消息（已认证服务号）或订阅通知（对方须已订阅）。openid 与 userId 填一个；userId 为已绑定该公众号的成员。种类由模板决定；填了 kind 而不符时返回 1000。刚在微信后台添加的模板会自动同步。字段按类型校验（1000），微信的拒绝为 1011。相同的 requestId 只发送一次：结果不明时返回 unknown，模板消息可在 10 分钟内用相同的 requestId 重试，微信会去重；订阅通知不会重发。需要权限 official:write。
       *
       * Sends a template message (verified service accounts) or a subscription message (to who subscribed) to one follower. Give openid or userId; userId is a linked member. The template decides the kind; another kind gives 1000. A template that was just added at WeChat is found by itself. Fields are checked by their type (1000); what WeChat refuses is 1011. The same requestId sends once: when the result is unclear it is unknown, and a template message may be repeated within 10 minutes with the same requestId, which WeChat recognises; a subscription message is not repeated. Needs the scope official:write.
       */
      send: {
        (input: OfficialTemplateSendInput, options?: CallOptions): Promise<OfficialTemplateSendOutput>
      }
    }
  }
  message: {
    /**
     * 上传消息文件 · Upload a file for messages: `POST /api/message/media`
     *
     * 上传一个文件，在 message/send 的 mediaId 或 attachments 里使用。请求为 multipart/form-data，只有一个文件。类别按内容识别，与文件名无关：image（JPG、PNG，最大 10 MB）、voice（AMR，最大 2 MB）、video（MP4，最大 10 MB）、file（其他，最大 20 MB），都应大于 5 字节。同一内容只保存一份；同名的同一文件再次上传，mediaId 不变。只有上传它的开发者能用。有消息用到时，与消息保存同样久；没有消息用到的，30 天后删除。每个企业合计最多 2 GB。需要权限 message:send。
     *
     * Uploads a file for mediaId or attachments of message/send. The request is multipart/form-data with one file. The kind is what the content is, whatever the name says: image (JPG, PNG, at most 10 MB), voice (AMR, 2 MB), video (MP4, 10 MB) or file (anything else, 20 MB), each of more than 5 bytes. The same content is stored once; the same file under the same name keeps its mediaId. Only the developer who uploaded a file can use it. It stays as long as a message that names it, else 30 days. A corp has 2 GB for files. Needs the scope message:send.
     */
    media: {
      (input: MessageMediaInput, options?: CallOptions): Promise<MessageMediaOutput>
    }
    type: {
      /**
       * 写入消息类型 · Put a message type: `POST /api/message/type/put`
       *
       * 新建自己的消息类型，或写入它的新版本；与最新版本相同时不变，可以在每次启动时调用。最简单的类型只有 key、name 和 text：一段文本，用企业微信文本消息发出。模板中 {{ name }} 是发送时给出的变量，{{ member.name }}、{{ member.userId }}、{{ member.department }} 是接收人；可用 {% if name %}…{% endif %}，以及过滤器 number、money（单位分）、date、time、default、truncate、upcase、downcase。必达、紧急和含短信的版本须超级管理员批准后生效，之前的版本继续有效。需要权限 message:type。
       *
       * Makes a message type of its own, or a new version of it. It stays as it is when it equals the newest version, so a program may call this at each start. The smallest type has key, name and text: one text, sent as a WeCom text message. In templates {{ name }} is a variable that each send gives; {{ member.name }}, {{ member.userId }} and {{ member.department }} are the receiver. There are {% if name %}…{% endif %} and the filters number, money (in fen), date, time, default, truncate, upcase and downcase. Versions that must arrive, are urgent or use SMS come into force when a super administrator approves them; until then the earlier version stays in force. Needs the scope message:type.
       */
      put: {
        (input: MessageTypePutInput, options?: CallOptions): Promise<MessageTypePutOutput>
      }
      /**
       * 列出自己的消息类型 · List its own message types: `GET /api/message/type/list`
       *
       * 需要权限 message:type。
       *
       * Needs the scope message:type.
       */
      list: {
        (input?: MessageTypeListInput, options?: CallOptions): Promise<MessageTypeListOutput>
      }
      /**
       * 取一个消息类型 · Get a message type: `GET /api/message/type/get`
       *
       * 需要权限 message:type。
       *
       * Needs the scope message:type.
       */
      get: {
        (input: MessageTypeGetInput, options?: CallOptions): Promise<MessageTypeGetOutput>
      }
      /**
       * 消息类型的统计 · Get the figures of a message type: `GET /api/message/type/figures`
       *
       * 自己用一个类型发出的消息，按天统计：接受、等待、发出、送达、未完全送达、查看、收到、本人关闭、过期和短信费用。除名称中的“人次”外都按消息计：只要有一位接收人符合，这条消息就计入，各项可以重叠；合并发送的消息按被合并的消息计。当天每 5 分钟统计一次（消息很多时最长一小时），之前的日期在仍会变化时重新统计。需要权限 message:type。
       *
       * What became of the messages that this developer sent by a type, by day: accepted, waiting, left, reached, failed, read, acknowledged, switched off, expired, and the cost of SMS. Messages are counted, except where people are named: a message counts where it is true of one of its receivers, so that one may be in several figures; a digest counts as the messages that it lists. Today is counted every 5 minutes (up to an hour where there are many messages), and earlier days again while they can change. Needs the scope message:type.
       */
      figures: {
        (input: MessageTypeFiguresInput, options?: CallOptions): Promise<MessageTypeFiguresOutput>
      }
    }
    /**
     * 上传名单 · Upload a list of receivers: `POST /api/message/list`
     *
     * 上传一份 CSV（UTF-8、UTF-16 或 GBK）或 Excel（.xlsx，第一张表）作为 message/notify 的 toList。请求为 multipart/form-data，只有一个文件。表头中一列指人：userId（账号）、employeeNo（工号）或 mobile（手机号，须有权限 directory:mobile），其余每一列是一个变量。公式取表格软件最后算出的值。最多 20000 行；Excel 解压后最大 4 MB（约 10000 行），更多的行用 CSV。认不出的人、同一人的第二行不进入名单，在 refused 中说明，最多列出 1000 行。名单加密保存，只有上传它的开发者能用，最后一次使用 30 天后删除；每个开发者保存的名单合计最多 1000000 行。需要权限 message:send。
     *
     * Uploads a CSV file (UTF-8, UTF-16 or GBK) or an Excel workbook (.xlsx, its first sheet) as toList of message/notify. The request is multipart/form-data with one file. One column of the header names persons: userId, employeeNo or mobile, which takes the permission directory:mobile; every other column is a variable. A formula is the value that the spreadsheet last calculated. At most 20,000 rows; a workbook may have 4 MB unpacked (some 10,000 rows), so use CSV for more. Unknown persons and the second line of a person stay out of the list, and refused says why, for at most 1000 lines. A list is stored encrypted, only the developer who uploaded it can use it, and it is deleted 30 days after its last use; all lists of a developer have at most 1,000,000 rows. Needs the scope message:send.
     */
    list: {
      (input: MessageListInput, options?: CallOptions): Promise<MessageListOutput>
    }
    /**
     * 5.1 发送消息通知 · Send a message: `POST /api/message/send`
     *
     * toUser、toParty、toTag、toGroup 至少填一个。sendType 4 为群聊（toChat）、5 为群机器人（toRobot），不填这四项。sendType 0 为企业微信消息，2 为邮件，3 为公众号的模板消息或订阅通知（只发给已绑定公众号的粉丝，其他人在 invaliduser 中，无人绑定时返回 1007；按公众号设置的对应关系填入模板，title 与 url 可不填）。接受的消息不会丢失，也不会重复发送；企业微信超过 2 秒未应答或不可用时返回 status: queued，24 小时内重试。超过 2048 字节的文本拆成带编号的多条；卡片的标题、内容超长时截断，并在 truncated 中说明。msgType 为 04 时发送成员可以直接点击、选择、投票的卡片：card 为企业微信的 template_card（五种 card_type，字段名不变，不含 task_id），不需要 title、content、url，详见指南「可回答的卡片」。msgType 为 06、07、08 时发送 message/media 上传的图片、文件、视频，邮件用 attachments。需要权限 message:send。
     *
     * At least one of toUser, toParty, toTag and toGroup; sendType 4 is group chats (toChat) and 5 group robots (toRobot), which take none of these. sendType 0 is a WeCom message, 2 mail, 3 a template or subscription message of an official account (to members linked to a follower only; others are in invaliduser, and 1007 when nobody is linked; the template is filled as the account says, title and url may be left out). An accepted message is neither lost nor sent twice; when WeCom does not answer within 2 seconds or is down, status is queued, and it is tried for 24 hours. Texts above 2048 bytes become several numbered messages; titles and contents of cards that are too long are cut, and named in truncated. With msgType 04 it is a card that members press, choose and vote on: card is WeCom's template_card (five kinds, in its own field names, without task_id); title, content and url are not needed; see the guide Interactive cards. msgType 06, 07 and 08 send a picture, a file or a video that message/media has taken; a mail takes attachments. Needs the scope message:send.
     */
    send: {
      (input: MessageSendInput, options?: CallOptions): Promise<MessageSendOutput>
    }
    /**
     * 5.2 发送短信通知 · Send an SMS: `POST /api/message/sms`
     *
     * params 按模板变量的顺序给出。没有手机号或被运营商拒绝的成员在 invaliduser 中列出。需要权限 sms:send。
     *
     * params are in the order of the template. Members without a mobile number or refused by the operator are in invaliduser. Needs the scope sms:send.
     */
    sms: {
      (input: MessageSmsInput, options?: CallOptions): Promise<MessageSmsOutput>
    }
    /**
     * 按消息类型发送 · Send by a message type: `POST /api/message/notify`
     *
     * 按消息类型的模板发送：每个人通过类型的渠道中第一个能送达本人的渠道收到（企业微信已激活、有邮箱或手机号、已绑定公众号）。toUser、toParty、toTag、toGroup，rows，toList 三者选一：rows 中每人有自己的变量，最多 1000 行，同一人只能出现一次；toList 是用 message/list 上传的名单，最多 20000 人，其中不同的内容最多 2000 份，更多的请分成几份名单。变量缺少或多出时返回 1000 并全部列出，什么都不发。内容或渠道不同的多份文本在一次提交中接受，是一条消息：一个 msgId，一次配额。类型须为自己的或企业的，并已生效；企业没有开启「消息类型」，或类型被管理员暂停、停用时返回 1009。需要权限 message:send。
     *
     * Sends by the templates of a message type: each person gets it by the first channel of the type that reaches them (active in WeCom, with a mail address or mobile, linked to a follower). Give one of three: toUser, toParty, toTag, toGroup; rows, in which each person has variables of their own, at most 1000, each person once; or toList, a list that was uploaded by message/list, of at most 20,000 people and 2000 different texts: divide larger ones into several lists. Missing and unknown variables are 1000, all of them named, and nothing is sent. Texts that differ in words or channel are accepted together and are one message: one msgId, counted once. The type has to be your own or the corp’s, and in force. 1009: the corp has message types switched off, or an administrator paused or revoked the type. Needs the scope message:send.
     */
    notify: {
      (input: MessageNotifyInput, options?: CallOptions): Promise<MessageNotifyOutput>
    }
    /**
     * 查询消息状态 · Get what became of a message: `GET /api/message/status`
     *
     * 填 msgId，或发送时自己的 requestId：发送的应答丢失时，可用它查询消息是否已被接受。需要权限 message:send。
     *
     * Give msgId, or the requestId of your send, which tells whether the message was accepted when the answer was lost. Needs the scope message:send.
     */
    status: {
      (input?: MessageStatusInput, options?: CallOptions): Promise<MessageStatusOutput>
    }
    /**
     * 查询一个人为什么收到或没有收到 · Get why a person got a message or did not: `GET /api/message/why`
     *
     * 自己发出的一条消息对一个人做过的决定与结果，按时间先后：为什么等待（批准、免打扰、合并发送）、为什么不发（未获批准、本人关闭、频率、过期）、通过哪个渠道、上游说了什么。不含正文。不是接收人时返回 1000，不在数据范围内的成员返回 1007。需要权限 message:send。
     *
     * What was decided about one message of yours for one person and what came of it, in order of time: why it waits (approval, quiet hours, digest), why it is not sent (refused, switched off by the person, limit, expiry), by which channel, and what upstream said. It never has the text. Somebody who is no receiver is 1000, a member out of your data scope 1007. Needs the scope message:send.
     */
    why: {
      (input: MessageWhyInput, options?: CallOptions): Promise<MessageWhyOutput>
    }
    /**
     * 催办 · Urge receivers: `POST /api/message/urge`
     *
     * 提醒还没有点「收到」的人；消息没有要求回执时，提醒还没有打开的人。提醒是一条新消息，经企业微信或邮件中第一个能送达的渠道发出，链接到原消息。每人每条消息最多 3 次，间隔至少 30 分钟。没有可提醒的人时返回 1000 并说明原因。需要权限 message:send。
     *
     * Reminds those who have not acknowledged the message or, where it asks for no receipt, those who have not opened it. The reminder is a new message by the first of WeCom and mail that reaches each person, and leads to the message. Each person is reminded at most 3 times of one message, at least 30 minutes apart. 1000 says why when nobody can be reminded. Needs the scope message:send.
     */
    urge: {
      (input: MessageUrgeInput, options?: CallOptions): Promise<MessageUrgeOutput>
    }
    /**
     * 取消尚未发出的消息 · Cancel what has not left: `POST /api/message/cancel`
     *
     * 填 msgId，或业务编号 about（按类型发送的另填 type）。尚未发出的不再发；recall 为 1 时，同时撤回 24 小时内已发出、可以撤回的企业微信消息。重复调用没有影响。需要权限 message:send。
     *
     * Give msgId, or about (with type for what was sent by a type). What has not left does not leave any more; with recall 1, WeCom messages that left within 24 hours are recalled where they can be. Calling it again changes nothing. Needs the scope message:send.
     */
    cancel: {
      (input?: MessageCancelInput, options?: CallOptions): Promise<MessageCancelOutput>
    }
    /**
     * 撤回消息 · Recall a message: `POST /api/message/recall`
     *
     * 撤回尚未发出的部分，以及 24 小时内已发出的企业微信消息。需要权限 message:send。
     *
     * Recalls what has not been sent, and WeCom messages that were sent within 24 hours. Needs the scope message:send.
     */
    recall: {
      (input: MessageRecallInput, options?: CallOptions): Promise<MessageRecallOutput>
    }
    /**
     * 查询卡片的回答 · Get the answers to a card: `GET /api/message/card`
     *
     * 每人以最近一次有效的回答为准。keys、questions、menu 是各按钮、选项和菜单项的人数；list 按 state 分页：answered 已回答的人（新的在前），unanswered 未回答的人。数据范围以外的人不计入。需要权限 message:send。
     *
     * The newest answer of each person that counts. keys, questions and menu are how many people chose each button, option and line of the menu; list is a page of those who answered, new ones first, or with state unanswered of those who did not. People outside the data scope are left out. Needs the scope message:send.
     */
    card: {
      (input: MessageCardInput, options?: CallOptions): Promise<MessageCardOutput>
      /** 逐页读取整个列表。· Iterates the whole list, page by page while it is read. */
      all(input: MessageCardInput, options?: CallOptions): AsyncIterable<MessageCardOutput['list'][number]>
      /**
       * 更新已发出的卡片 · Change a card that was sent: `POST /api/message/card/update`
       *
       * 更新所有收到的人的卡片（包括提醒），或只更新 userIds 的。每次发送（最多 1000 人一次）有一个 code，每次点击又有一个，各能用一次，72 小时内有效；平台保存并选用合适的。要逐人多次更新时，发送时用 perPerson。没有 code 可用时返回 1000 并说明原因；部分成功时其余的在 failed 中。需要权限 message:send。
       *
       * Changes the cards of all who got them, reminders too, or only those of userIds. Each send (at most 1000 people at a time) has one code and each press another, good once within 72 hours; they are kept here, and the one that fits is used. Send with perPerson to change cards one by one. 1000 says why when no code is left; where only some could be changed, the others are in failed. Needs the scope message:send.
       */
      update: {
        (input: MessageCardUpdateInput, options?: CallOptions): Promise<MessageCardUpdateOutput>
      }
      /**
       * 提醒未回答的人 · Remind those who have not answered: `POST /api/message/card/remind`
       *
       * 把同一张卡片作为新消息再发给还没有回答的人；他们的回答记在原消息上。同一张卡片 4 小时内只能提醒一次。需要权限 message:send。
       *
       * Sends the same card again, as a new message, to those who have not answered; their answers belong to the first message. Once within 4 hours for a card. Needs the scope message:send.
       */
      remind: {
        (input: MessageCardRemindInput, options?: CallOptions): Promise<MessageCardRemindOutput>
      }
    }
  }
  code: {
    /**
     * 发送验证码 · Send a code: `POST /api/code/send`
     *
     * 向一名成员或一个手机号发送六位数字验证码，300 秒内有效，可试 5 次，用一次。验证码不返回，也不作为消息保存；用 code/check 核对。短信用「管理员与登录 → 登录方式」中验证码的短信模板。只给 code:send 时，接收人须是数据范围内的成员；code:any 可向通讯录以外的手机号发短信。接收人不存在、停用、不在数据范围内或没有邮箱时，应答相同，得到的 codeId 任何验证码都不符合。同一接收人每种发送方式每分钟 1 条、每天 10 条，由全部开发者共用，超出返回 1010。同一号码用 userId 和 mobile 合计也是这个数，合计超出时应答相同，不发送。requestId 重复时，验证码有效期内返回同一个 codeId，不再发送；过期后，或节点故障使它没有发出时，是一条新的验证码。userId 与 mobile 须给且只给一个。需要权限 code:send。
     *
     * Sends a code of six digits to a member or a mobile number. It is good for 300 seconds, 5 tries and one use. The code is not returned and not kept as a message; check it by code/check. SMS use the template of codes in Admins and sign-in → Ways of signing in. With code:send alone the receiver is a member within the data scope; code:any sends SMS to numbers outside of the address book. If the receiver does not exist, is disabled, outside of the data scope or has no mail address, the answer is the same, and nothing fits its codeId. A receiver takes 1 code a minute and 10 a day by each sendType, from all developers together; beyond that the call returns 1010. A number takes as many by userId and mobile together; beyond that the answer is the same, and nothing is sent. A repeated requestId returns the same codeId and sends nothing while the code is good; once it has expired, or was lost with a node that failed, it is a new code. Give exactly one of userId and mobile. Needs the scope code:send.
     */
    send: {
      (input: CodeSendInput, options?: CallOptions): Promise<CodeSendOutput>
    }
    /**
     * 核对验证码 · Check a code: `POST /api/code/check`
     *
     * 核对用户填写的验证码；purpose、userId 或 mobile 须与发送时相同。符合时 ok 为 true，这条验证码随即失效。不符合时 retCode 仍为 0，why 说明原因：wrong 不符合（用途或接收人不同也是）；expired 已过期，或没有这个 codeId；used 已用过，或 5 次都试完。全角数字、空格和 - 不影响核对。应答丢失后重试，会得到 used。需要权限 code:send。
     *
     * Checks the code that a user typed. purpose and userId or mobile must be those of code/send. If it fits, ok is true and the code is used. If it does not, retCode is 0 too and why says the reason: wrong (also for another purpose or receiver); expired, or there is no such codeId; used: it was used, or its 5 tries are. Full-width digits, spaces and - do not matter. If the answer was lost, a second call answers used. Needs the scope code:send.
     */
    check: {
      (input: CodeCheckInput, options?: CallOptions): Promise<CodeCheckOutput>
    }
  }
  chat: {
    /**
     * 创建群聊 · Make a group chat: `POST /api/chat/create`
     *
     * 由企业微信应用创建一个群聊，成员 2 到 2000 人，须在数据范围内；应用的可见范围须为根部门。chatId 由平台生成；创建的应答丢失时，平台按 chatId 向企业微信确认，不会重复创建，status 为 creating 时稍后用 chat/get 查询。用相同的 requestId 重试，得到同一个群聊。follow 为 1 时，群成员始终是 toUser、toParty、toTag 当时的成员：通讯录变化后自动增减，群主离开时换人；应有的成员少于 2 人或多于 2000 人时群成员不变，并提醒管理员。群里收到第一条消息前，成员看不到群聊。用 message/send（sendType 4）发送。每个企业每天最多创建 1000 个群聊。需要权限 chat:write。
     *
     * Makes a group chat by an agent of WeCom, with 2 to 2000 members within the data scope; the visible range of the agent must be the root. wisp chooses chatId: when WeCom's answer is lost, wisp asks for the chat by it and makes no second one; status is creating then, and chat/get tells later. The same requestId gives the same chat. With follow 1 the members stay those of toUser, toParty and toTag: they change with the address book, and another member becomes owner when the owner leaves. When fewer than 2 or more than 2000 would be left, the members stay as they are, and administrators are alerted. Members do not see the chat before its first message. Send by message/send with sendType 4. A corp can make 1000 group chats a day. Needs the scope chat:write.
     */
    create: {
      (input: ChatCreateInput, options?: CallOptions): Promise<ChatCreateOutput>
    }
    /**
     * 修改群聊 · Change a group chat: `POST /api/chat/update`
     *
     * 只填要修改的项。toUser、toParty、toTag 替换全部成员；addUser、delUser 增减个别成员，用于不跟随的群聊。填 follow 1 与 toParty 或 toTag 开始跟随，填 follow 0 不再跟随，成员不变。成员多时分多次修改；应答丢失时可以原样重试。企业微信没有删除群聊的接口。每个企业每小时最多修改 1000 次。需要权限 chat:write。
     *
     * Give what changes. toUser, toParty and toTag replace all members; addUser and delUser add and remove single ones, where the chat does not follow. follow 1 with toParty or toTag begins to follow, follow 0 ends it and keeps the members. Many members are changed in several steps; after a lost answer the same call can be made again. WeCom has no call that deletes a group chat. A corp can make 1000 changes an hour. Needs the scope chat:write.
     */
    update: {
      (input: ChatUpdateInput, options?: CallOptions): Promise<ChatUpdateOutput>
    }
    /**
     * 查询群聊 · Get a group chat: `GET /api/chat/get`
     *
     * 向企业微信查询自己创建的群聊的名称、群主和成员。userIds 只含数据范围内的成员，members 是全部成员数。需要权限 chat:write。
     *
     * Asks WeCom for name, owner and members of a group chat that you made. userIds are those within the data scope, members counts all. Needs the scope chat:write.
     */
    get: {
      (input: ChatGetInput, options?: CallOptions): Promise<ChatGetOutput>
    }
    /**
     * 列出群聊 · List group chats: `GET /api/chat/list`
     *
     * 列出自己创建的群聊，最近创建的在前。需要权限 chat:write。
     *
     * Lists the group chats that you made, the latest first. Needs the scope chat:write.
     */
    list: {
      (input?: ChatListInput, options?: CallOptions): Promise<ChatListOutput>
      /** 逐页读取整个列表。· Iterates the whole list, page by page while it is read. */
      all(input?: ChatListInput, options?: CallOptions): AsyncIterable<ChatListOutput['list'][number]>
    }
  }
  inbox: {
    /**
     * 打开嵌入的消息收件箱 · Open an embedded inbox: `POST /api/inbox/session`
     *
     * 为自己的页面取一张收件箱凭证，页面用它显示一个人的消息（<wisp-inbox> 或 /inbox/ 下的接口，见指南「嵌入消息收件箱」）。给 jessionId 或 accessToken（此人登录这个开发者的应用时由 OpenID Connect 取得）：打开登录者本人的收件箱，凭证随其会话、accessToken 结束；默认只含这个开发者发出的消息，超级管理员打开「嵌入的收件箱显示本人的全部消息」后含全部。给 userId：数据范围内的成员，只含这个开发者发出的消息；须先确认登录者是谁。凭证只能由 origin 的页面使用，一小时后失效，不晚于 accessToken；成员离开、开发者停用、企业关闭「消息类型」时随即失效。三者须给且只给一个。需要权限 inbox:embed。
     *
     * Returns a ticket for a page of yours, which shows the messages of one person with it (<wisp-inbox>, or the calls below /inbox/; see the guide “Embed the inbox”). With jessionId, or with an accessToken that an app of this developer got when the person signed in by OpenID Connect, it opens the inbox of the person who is signed in, and ends with their session or accessToken; it holds the messages that this developer sent, and all of them once a super administrator switched on “Embedded inbox shows all messages of the person”. With userId, of a member within the data scope, it holds the messages that this developer sent, alone: be sure who is signed in. Only pages of origin can use the ticket. It expires after an hour, or with the accessToken, and ends at once when the member leaves, the developer is disabled or the corp switches message types off. Give exactly one of the three. Needs the scope inbox:embed.
     */
    session: {
      (input: InboxSessionInput, options?: CallOptions): Promise<InboxSessionOutput>
    }
  }
  pay: {
    bill: {
      /**
       * 创建账单 · Make a bill: `POST /api/pay/bill/create`
       *
       * 一个账单必填 billNo、userId、title 和 amount；或用 list 一次创建最多 500 个，全部成功或全部不创建，出错时指出是第几个。金额为整数分。同一开发者的 billNo 相同、内容相同时返回原来的账单，不重复创建；内容不同返回 1000。需要权限 pay:write。
       *
       * One bill, which takes billNo, userId, title and amount; or up to 500 as list, all or none; an error says which one it is about. Amounts are whole fen. The same billNo of a developer with the same content gives the bill that is there; with another content 1000. Needs the scope pay:write.
       */
      create: {
        (input: NonNullable<PayBillCreateInput['list']>[number] & { list?: undefined }, options?: CallOptions): Promise<Extract<PayBillCreateOutput, { billId: unknown }>>
        (input: Required<Pick<PayBillCreateInput, 'list'>>, options?: CallOptions): Promise<Extract<PayBillCreateOutput, { list: unknown }>>
      }
      /**
       * 关闭账单 · Close a bill: `POST /api/pay/bill/close`
       *
       * 待付款的账单关闭后不能再付款。付款人正在付款时，先向微信支付查询并关闭其订单；已付款的账单返回 1000。已关闭的再次关闭仍返回成功。需要权限 pay:write。
       *
       * A closed bill cannot be paid any more. When its payer is paying, WeChat Pay is asked and the order closed first; a paid bill gives 1000. To close a closed bill succeeds. Needs the scope pay:write.
       */
      close: {
        (input: PayBillCloseInput, options?: CallOptions): Promise<PayBillCloseOutput>
      }
      /**
       * 查询账单 · Get a bill: `GET /api/pay/bill/get`
       *
       * 只能查询自己创建的、付款人在数据范围内的账单。需要权限 pay:read。
       *
       * Only bills that you made and whose payer is within your data scope. Needs the scope pay:read.
       */
      get: {
        (input: PayBillGetInput, options?: CallOptions): Promise<PayBillGetOutput>
      }
      /**
       * 账单列表 · List bills: `GET /api/pay/bill/list`
       *
       * 自己创建的、付款人在数据范围内的账单，新的在前。需要权限 pay:read。
       *
       * Bills that you made and whose payer is within your data scope, new ones first. Needs the scope pay:read.
       */
      list: {
        (input?: PayBillListInput, options?: CallOptions): Promise<PayBillListOutput>
        /** 逐页读取整个列表。· Iterates the whole list, page by page while it is read. */
        all(input?: PayBillListInput, options?: CallOptions): AsyncIterable<PayBillListOutput['list'][number]>
      }
    }
    refund: {
      /**
       * 退款 · Give money back: `POST /api/pay/refund/create`
       *
       * 退回自己创建的、已付款的账单的全部或一部分，规则与控制台相同：两次至少间隔 1 分钟，支付后 365 天内。须由超级管理员为此开发者设置单笔和每天的退款限额，默认不允许。返回时不一定已有结果：结果见 /api/pay/refund/get，以及事件 bill.refunded、bill.refund_failed。没有收到应答时以相同参数再次调用。需要权限 pay:refund。
       *
       * Gives back all or a part of a paid bill that you made, by the rules of the console: a minute apart, within 365 days. A super administrator sets the most of one refund and of a day for the developer; by default it may refund nothing. The answer may come before the outcome, which /api/pay/refund/get and the events bill.refunded and bill.refund_failed tell. Call it again with the same inputs when there was no answer. Needs the scope pay:refund.
       */
      create: {
        (input: PayRefundCreateInput, options?: CallOptions): Promise<PayRefundCreateOutput>
      }
      /**
       * 查询退款 · Get a refund: `GET /api/pay/refund/get`
       *
       * 按申请时的 requestId 查询自己通过接口申请的退款。需要权限 pay:refund。
       *
       * A refund that you asked for by the API, by the requestId that you gave it. Needs the scope pay:refund.
       */
      get: {
        (input: PayRefundGetInput, options?: CallOptions): Promise<PayRefundGetOutput>
      }
    }
  }
  unifiedPay: {
    awaitPay: {
      /**
       * 6.1 一码通快捷方式-统一支付 · Shortcut to payments: `GET|POST /mobile/unifiedPay/AwaitPay/select`
       *
       * 供一码通小程序使用：size 为待付款的账单数，url 为该成员的统一支付页面。jessionId 须属于统一支付应用或标记为一码通的应用；已失效或属于其他应用时，body 为 null。url 随 jessionId 一起失效。
       *
       * For the mini-program 一码通: size is how many bills wait to be paid, url the member’s payment page. The jessionId belongs to the payment app or to one marked as 一码通; body is null when it has expired or belongs to another. url expires with the jessionId.
       */
      select: {
        (input: UnifiedPayAwaitPaySelectInput, options?: CallOptions): Promise<UnifiedPayAwaitPaySelectOutput>
      }
    }
  }
  source: {
    /**
     * 提交人事源 · Give rows of a source of people: `POST /api/source/put`
     *
     * 提交人员和部门，按唯一值新增或覆盖；列名是管理员在人事源中设置的列。每次最多 500 行，每行各有结果。没有提交的行保持不变，离职用 removePeople 或在职状态列表示。全部提交后令 complete 为 1，平台生成预览，管理员批准（或按设置自动批准）后写入企业微信。部门为 code、name、parent（空为最上级）和可选的 sort。需要权限 source:write。
     *
     * Gives people and departments, which are added or replaced by their key; the columns are those that administrators set for the source. At most 500 rows a call, each with its result. Rows that are not given stay as they are; leavers are named in removePeople, or by the column of the state. With complete 1 a preview is made, which is written into WeCom once administrators, or the settings, approve it. A department has code, name, parent ("" for the top) and, if wanted, sort. Needs the scope source:write.
     */
    put: {
      (input: SourcePutInput, options?: CallOptions): Promise<SourcePutOutput>
    }
  }
}
