// Written by scripts/generate-sdk.ts from the declarations of the calls. Change those instead.
import type { Bill, Department, MemberWithDepartments, OfficialEvent } from './api.ts'

/** What stands in `data` beside `corpId` and `seq`, by type. */
export type EventData = {
  /** 成员新增或修改：成员新增、资料或所属部门变化，或进入数据范围时；value 是发送时的资料。需要权限 directory:read。 */
  'directory.member.put': {
    /** 成员的 userId */
    id: string
    value: MemberWithDepartments
  }
  /** 成员账号变更：企业微信里修改了成员账号时；oldId 是旧账号。需要权限 directory:read。 */
  'directory.member.rename': {
    /** 成员的 userId */
    id: string
    /** 旧的 userId */
    oldId: string
    value: MemberWithDepartments
  }
  /** 成员离开：成员被删除，或离开数据范围时。需要权限 directory:read。 */
  'directory.member.drop': {
    /** 成员的 userId */
    id: string
  }
  /** 部门新增或修改：部门新增、改名、移动或排序变化时。需要权限 directory:read。 */
  'directory.department.put': {
    /** 部门 id */
    id: string
    value: Department
  }
  /** 部门删除：部门被删除时。需要权限 directory:read。 */
  'directory.department.drop': {
    /** 部门 id */
    id: string
  }
  /** 标签新增或修改：标签新增、改名，或其成员、部门变化时。需要权限 directory:read。 */
  'directory.tag.put': {
    /** 标签 id */
    id: string
    value: {
      /** 标签 id */
      tagId: string
      /** 标签名 */
      tagName: string
      /** 有此标签的成员 */
      userIds: string[]
      /** 有此标签的部门 */
      orgIds: string[]
    }
  }
  /** 标签删除：标签被删除时。需要权限 directory:read。 */
  'directory.tag.drop': {
    /** 标签 id */
    id: string
  }
  /** 需要全量读取：变更可能不完整时：数据范围变了（scope），或要的变更超过 30 天（expired）。请全量读取通讯录。需要权限 directory:read。 */
  'directory.resync': {
    /** scope：数据范围变了；expired：变更已过期 */
    reason: 'scope' | 'expired'
  }
  /** 人群成员变化：有成员进入或离开人群时；同一次变更引起的进出合并为一个事件，成员用 group/members 读取。有数据范围的开发者只收到数据范围中的人群。需要权限 directory:read。 */
  'group.changed': {
    /** 人群 id */
    groupId: string
    /** 人群名称 */
    groupName: string
    /** 变化后的人数 */
    members: number
    /** 进入的人数 */
    joined: number
    /** 离开的人数 */
    left: number
  }
  /** 测试事件：调用 /api/webhook/test、在控制台点击“测试”或执行 wisp webhook test 时立即发送；不能订阅，不重试，seq 为 0。也可以选择另一种事件，发送它在本目录中的示例，webhook-id 以 msg_test_ 开头。 */
  'webhook.test': {
    /** 订阅 id */
    webhookId: string
    /** 固定的文字 */
    message: string
  }
  /** 有新的待办，或重新打开：写入成为待处理时。data 是发送时的内容：在此期间已办或已撤回的，state 为 done 或 withdrawn。需要权限 todo:read。 */
  'todo.opened': {
    /** 待办 id */
    todoId: string
    /** 应用 id */
    agentId: string
    /** 待办编号 */
    todoNo: string
    /** 待办人现在的 userId */
    userId: string
    /** 待办人的姓名 */
    userName: string
    /** 现在由谁处理的 userId：委托或移交后与 userId 不同；不在数据范围内时为空 */
    holderUserId: string
    /** 现在由谁处理的姓名 */
    holderName: string
    /** todo 待办；read 待阅 */
    kind: 'todo' | 'read'
    /** open 待处理；done 已办；withdrawn 已撤回 */
    state: 'open' | 'done' | 'withdrawn'
    /** 标题 */
    title: string
    /** 电脑上打开的地址 */
    pcUrl: string
    /** 手机上打开的地址 */
    mobileUrl: string
    /** 发起人 */
    sender: string
    /** 流程名称 */
    process: string
    /** 当前环节 */
    step: string
    /** 说明 */
    content: string
    /** 0 普通；1 重要；2 紧急 */
    priority: '0' | '1' | '2'
    /** 由谁办结 */
    finishBy: 'app' | 'person'
    /** 发送方的毫秒时间戳，没有则为空 */
    version: string
    /** 截止时间，没有则为空 */
    dueAt: string
    /** 发起时间 */
    createdAt: string
    /** 最近一次修改 */
    changedAt: string
    /** 本人首次打开的时间，没有则为空 */
    readAt: string
    /** 办结或撤回的时间，没有则为空 */
    endedAt: string
  }
  /** 待办已办：应用办结，或本人在工作台点「完成」时。需要权限 todo:read。 */
  'todo.done': {
    /** 待办 id */
    todoId: string
    /** 应用 id */
    agentId: string
    /** 待办编号 */
    todoNo: string
    /** 待办人现在的 userId */
    userId: string
    /** 待办人的姓名 */
    userName: string
    /** 现在由谁处理的 userId：委托或移交后与 userId 不同；不在数据范围内时为空 */
    holderUserId: string
    /** 现在由谁处理的姓名 */
    holderName: string
    /** todo 待办；read 待阅 */
    kind: 'todo' | 'read'
    /** open 待处理；done 已办；withdrawn 已撤回 */
    state: 'open' | 'done' | 'withdrawn'
    /** 标题 */
    title: string
    /** 电脑上打开的地址 */
    pcUrl: string
    /** 手机上打开的地址 */
    mobileUrl: string
    /** 发起人 */
    sender: string
    /** 流程名称 */
    process: string
    /** 当前环节 */
    step: string
    /** 说明 */
    content: string
    /** 0 普通；1 重要；2 紧急 */
    priority: '0' | '1' | '2'
    /** 由谁办结 */
    finishBy: 'app' | 'person'
    /** 发送方的毫秒时间戳，没有则为空 */
    version: string
    /** 截止时间，没有则为空 */
    dueAt: string
    /** 发起时间 */
    createdAt: string
    /** 最近一次修改 */
    changedAt: string
    /** 本人首次打开的时间，没有则为空 */
    readAt: string
    /** 办结或撤回的时间，没有则为空 */
    endedAt: string
  }
  /** 待办已撤回：应用撤回，或对账时不在清单里。需要权限 todo:read。 */
  'todo.withdrawn': {
    /** 待办 id */
    todoId: string
    /** 应用 id */
    agentId: string
    /** 待办编号 */
    todoNo: string
    /** 待办人现在的 userId */
    userId: string
    /** 待办人的姓名 */
    userName: string
    /** 现在由谁处理的 userId：委托或移交后与 userId 不同；不在数据范围内时为空 */
    holderUserId: string
    /** 现在由谁处理的姓名 */
    holderName: string
    /** todo 待办；read 待阅 */
    kind: 'todo' | 'read'
    /** open 待处理；done 已办；withdrawn 已撤回 */
    state: 'open' | 'done' | 'withdrawn'
    /** 标题 */
    title: string
    /** 电脑上打开的地址 */
    pcUrl: string
    /** 手机上打开的地址 */
    mobileUrl: string
    /** 发起人 */
    sender: string
    /** 流程名称 */
    process: string
    /** 当前环节 */
    step: string
    /** 说明 */
    content: string
    /** 0 普通；1 重要；2 紧急 */
    priority: '0' | '1' | '2'
    /** 由谁办结 */
    finishBy: 'app' | 'person'
    /** 发送方的毫秒时间戳，没有则为空 */
    version: string
    /** 截止时间，没有则为空 */
    dueAt: string
    /** 发起时间 */
    createdAt: string
    /** 最近一次修改 */
    changedAt: string
    /** 本人首次打开的时间，没有则为空 */
    readAt: string
    /** 办结或撤回的时间，没有则为空 */
    endedAt: string
  }
  /** 待办被本人打开：本人第一次从 wisp 的链接打开时。需要权限 todo:read。 */
  'todo.read': {
    /** 待办 id */
    todoId: string
    /** 应用 id */
    agentId: string
    /** 待办编号 */
    todoNo: string
    /** 待办人现在的 userId */
    userId: string
    /** 待办人的姓名 */
    userName: string
    /** 现在由谁处理的 userId：委托或移交后与 userId 不同；不在数据范围内时为空 */
    holderUserId: string
    /** 现在由谁处理的姓名 */
    holderName: string
    /** todo 待办；read 待阅 */
    kind: 'todo' | 'read'
    /** open 待处理；done 已办；withdrawn 已撤回 */
    state: 'open' | 'done' | 'withdrawn'
    /** 标题 */
    title: string
    /** 电脑上打开的地址 */
    pcUrl: string
    /** 手机上打开的地址 */
    mobileUrl: string
    /** 发起人 */
    sender: string
    /** 流程名称 */
    process: string
    /** 当前环节 */
    step: string
    /** 说明 */
    content: string
    /** 0 普通；1 重要；2 紧急 */
    priority: '0' | '1' | '2'
    /** 由谁办结 */
    finishBy: 'app' | 'person'
    /** 发送方的毫秒时间戳，没有则为空 */
    version: string
    /** 截止时间，没有则为空 */
    dueAt: string
    /** 发起时间 */
    createdAt: string
    /** 最近一次修改 */
    changedAt: string
    /** 本人首次打开的时间，没有则为空 */
    readAt: string
    /** 办结或撤回的时间，没有则为空 */
    endedAt: string
  }
  /** 待办超时：截止时间已过而仍待处理时，每个截止时间一次。需要权限 todo:read。 */
  'todo.overdue': {
    /** 待办 id */
    todoId: string
    /** 应用 id */
    agentId: string
    /** 待办编号 */
    todoNo: string
    /** 待办人现在的 userId */
    userId: string
    /** 待办人的姓名 */
    userName: string
    /** 现在由谁处理的 userId：委托或移交后与 userId 不同；不在数据范围内时为空 */
    holderUserId: string
    /** 现在由谁处理的姓名 */
    holderName: string
    /** todo 待办；read 待阅 */
    kind: 'todo' | 'read'
    /** open 待处理；done 已办；withdrawn 已撤回 */
    state: 'open' | 'done' | 'withdrawn'
    /** 标题 */
    title: string
    /** 电脑上打开的地址 */
    pcUrl: string
    /** 手机上打开的地址 */
    mobileUrl: string
    /** 发起人 */
    sender: string
    /** 流程名称 */
    process: string
    /** 当前环节 */
    step: string
    /** 说明 */
    content: string
    /** 0 普通；1 重要；2 紧急 */
    priority: '0' | '1' | '2'
    /** 由谁办结 */
    finishBy: 'app' | 'person'
    /** 发送方的毫秒时间戳，没有则为空 */
    version: string
    /** 截止时间，没有则为空 */
    dueAt: string
    /** 发起时间 */
    createdAt: string
    /** 最近一次修改 */
    changedAt: string
    /** 本人首次打开的时间，没有则为空 */
    readAt: string
    /** 办结或撤回的时间，没有则为空 */
    endedAt: string
  }
  /** 待办换人处理：委托开始或结束，或离职人员的待办移交给别人时；编号和 userId 不变。需要权限 todo:read。 */
  'todo.transferred': {
    /** 待办 id */
    todoId: string
    /** 应用 id */
    agentId: string
    /** 待办编号 */
    todoNo: string
    /** 待办人现在的 userId */
    userId: string
    /** 待办人的姓名 */
    userName: string
    /** 现在由谁处理的 userId：委托或移交后与 userId 不同；不在数据范围内时为空 */
    holderUserId: string
    /** 现在由谁处理的姓名 */
    holderName: string
    /** todo 待办；read 待阅 */
    kind: 'todo' | 'read'
    /** open 待处理；done 已办；withdrawn 已撤回 */
    state: 'open' | 'done' | 'withdrawn'
    /** 标题 */
    title: string
    /** 电脑上打开的地址 */
    pcUrl: string
    /** 手机上打开的地址 */
    mobileUrl: string
    /** 发起人 */
    sender: string
    /** 流程名称 */
    process: string
    /** 当前环节 */
    step: string
    /** 说明 */
    content: string
    /** 0 普通；1 重要；2 紧急 */
    priority: '0' | '1' | '2'
    /** 由谁办结 */
    finishBy: 'app' | 'person'
    /** 发送方的毫秒时间戳，没有则为空 */
    version: string
    /** 截止时间，没有则为空 */
    dueAt: string
    /** 发起时间 */
    createdAt: string
    /** 最近一次修改 */
    changedAt: string
    /** 本人首次打开的时间，没有则为空 */
    readAt: string
    /** 办结或撤回的时间，没有则为空 */
    endedAt: string
    /** 原来由谁处理的 userId */
    from: string
    /** 现在由谁处理的 userId */
    to: string
  }
  /** 审批有变化：每次提交、同意、驳回、转审、退回、加签、撤销等各一次，同一审批按顺序；催办和备注没有事件。只告诉提交它的开发者，和获准查看该模板全部审批的开发者。需要权限 approval:read。 */
  'approval.changed': {
    /** 审批单号，文字（可能超过 2^53）；自建流程和未知的为空 */
    spNo: string
    /** 自建流程的单号 */
    thirdNo: string
    /** 模板 id */
    templateId: string
    /** 模板名称 */
    name: string
    /** 申请人 */
    userId: string
    /** 由本开发者提交时的 requestId */
    requestId: string
    /** submitted 提交；approved 同意；rejected 驳回；transferred 转审或转交；returned 退回给以前的审批人；added 加签；approvedAndAdded 同意并加签；handled 办理；withdrawn 撤销；revoked 通过后撤销；deleted 删除；paid 支付；moved 环节或处理人变化 */
    action: 'submitted' | 'approved' | 'rejected' | 'transferred' | 'returned' | 'added' | 'approvedAndAdded' | 'handled' | 'withdrawn' | 'revoked' | 'deleted' | 'paid' | 'moved'
    /** 此变化之后审批的状态 */
    status: 'pending' | 'approved' | 'rejected' | 'withdrawn' | 'revoked' | 'deleted' | 'paid'
    /** 环节，从 1 起；提交为 0 */
    step: number
    /** 送达此事件时由谁处理 */
    waitsFor: string[]
    /** 谁；不在数据范围内或企业微信没有说明时为空 */
    by: string
    /** 时间 */
    at: string
  }
  /** 成员给应用发了消息：成员给企业微信应用发送文字、图片、语音、视频、位置或链接时；只告诉关联了该应用的开发者，且成员在其数据范围内。位置另需 agent:location。重放的推送编号不变。需要权限 agent:read。 */
  'agent.message': {
    /** 编号，重放时不变 */
    id: number
    /** 企业微信应用的 AgentId */
    agentId: number
    /** 消息的 MsgType；事件的 Event */
    type: string
    /** 谁；企业微信自己的事件为空 */
    userId: string
    /** 姓名；不在通讯录中时为空 */
    userName: string
    /** 企业微信给出的时间 */
    at: string
    /** 推送的全部字段，名称同企业微信；数字为字符串 */
    fields: unknown
  }
  /** 应用里发生了事件：成员进入应用、点菜单、进出可见范围等，或企业微信自己的事件；告诉谁同 agent.message。wisp 发出的卡片被按下时不在这里，见 message.card.pressed；通讯录变更也不在这里。需要权限 agent:read。 */
  'agent.event': {
    /** 编号，重放时不变 */
    id: number
    /** 企业微信应用的 AgentId */
    agentId: number
    /** 消息的 MsgType；事件的 Event */
    type: string
    /** 谁；企业微信自己的事件为空 */
    userId: string
    /** 姓名；不在通讯录中时为空 */
    userName: string
    /** 企业微信给出的时间 */
    at: string
    /** 推送的全部字段，名称同企业微信；数字为字符串 */
    fields: unknown
  }
  /** 公众号推送：粉丝给公众号发消息、关注、点菜单，或微信报告群发等结果时；只告诉可以使用该公众号的开发者，重放的推送编号不变。需要权限 official:read。 */
  'official.event': OfficialEvent
  /** 消息有了结果：消息送达、部分失败、失败、撤回，或短信有了回执时；同一消息可能有多次，以最后一次为准。failed 最多 100 个，其余用 /api/message/status 查询。 */
  'message.result': {
    /** 消息 id */
    msgId: string
    /** sent 已发出；queued 还有未发出的部分；failed 没有发给任何人；unknown 有的部分无法确认是否送达；cancelled 没有发出，以后也不再发 */
    status: 'sent' | 'queued' | 'failed' | 'unknown' | 'cancelled'
    /** 等待发出时，最近一次发出的时间 */
    waitsUntil?: string
    /** cancelled 的原因，或等待批准、被暂停 */
    reason?: string
    /** 业务编号，发送时填了才有 */
    about?: string
    /** wecom 企业微信；email 邮件；sms 短信；official 公众号；chat 群聊；robot 群机器人 */
    channel: 'wecom' | 'email' | 'sms' | 'official' | 'chat' | 'robot'
    /** 消息类型的 key；按类型发送时才有 */
    type?: string
    /** 消息类型的版本 */
    typeVersion?: number
    /** 接受的时间，ISO 8601 */
    createdAt: string
    /** 撤回的时间；没有则为空 */
    recalledAt: string
    /** 因频率限制推迟到的时间；没有则为空 */
    heldUntil: string
    /** 各状态的人数 */
    receivers: {
      /** 接收人数 */
      total: number
      /** 已发出 */
      sent: number
      /** 等待发送 */
      waiting: number
      /** 发送失败 */
      failed: number
      /** 无法确认是否送达 */
      unknown: number
      /** 没有发出，也不再发：撤回、取消、到期、被取代 */
      cancelled: number
    }
    /** 打开过的人数：在工作台登录后打开；企业微信和短信不告诉任何人 */
    read: number
    /** 点过「收到」的人数 */
    acknowledged: number
    /** 没有收到的成员，最多 1000 个 */
    failed: {
      /** 用户 id */
      userId: string
      /** 原因 */
      reason: string
      /** failed 发送失败；unknown 无法确认是否送达 */
      state: 'failed' | 'unknown'
    }[]
    /** 发送时的 requestId */
    requestId: string
  }
  /** 有人读了消息：接收人登录后在工作台打开消息时，每人每条消息一次；数据范围之外的成员不通知。在企业微信、短信中看到消息不产生此事件。 */
  'message.read': {
    /** 消息 id */
    msgId: string
    /** 发送时的 requestId，没有则为空 */
    requestId: string
    /** 成员 */
    userId: string
    /** 时间，ISO 8601 */
    at: string
  }
  /** 有人确认收到消息：接收人在卡片或工作台点「收到」时，每人每条消息一次；数据范围之外的成员不通知。 */
  'message.acknowledged': {
    /** 消息 id */
    msgId: string
    /** 发送时的 requestId，没有则为空 */
    requestId: string
    /** 成员 */
    userId: string
    /** 时间，ISO 8601 */
    at: string
  }
  /** 外部人员结束：外部人员到期、被结束，或确认成为成员时；须有权限 directory:external。memberUserId 不为空时，此人今后使用该成员账号，30 天内旧账号仍指此人。需要权限 directory:external。 */
  'external.ended': {
    /** 外部人员的账号 */
    userId: string
    /** 成为成员后的账号，否则为空 */
    memberUserId: string
  }
  /** 有人回答了卡片：成员点击按钮、提交选择或投票时，每次点击只通知一次；数据范围之外的成员不通知。accepted 为 false 表示 firstPressWins 的卡片已由他人先回答。 */
  'message.card.pressed': {
    /** 消息 id；对提醒的回答记在原消息上 */
    msgId: string
    /** 发送时的 requestId，没有则为空 */
    requestId: string
    /** 点击的成员 */
    userId: string
    /** 按钮、提交按钮或菜单项的 key */
    key: string
    /** 卡片类型 */
    cardType: string
    /** 所选的选项 */
    selected: {
      /** 问题的 question_key */
      questionKey: string
      /** 所选选项的 id */
      optionIds: string[]
    }[]
    /** 是否有效 */
    accepted: boolean
    /** 点击的时间 */
    at: string
  }
  /** 有人使用了卡片右上角的菜单：成员点击 action_menu 的一项时，每次点击只通知一次。 */
  'message.card.menu': {
    /** 消息 id；对提醒的回答记在原消息上 */
    msgId: string
    /** 发送时的 requestId，没有则为空 */
    requestId: string
    /** 点击的成员 */
    userId: string
    /** 按钮、提交按钮或菜单项的 key */
    key: string
    /** 卡片类型 */
    cardType: string
    /** 点击的时间 */
    at: string
  }
  /** 账单已付款：微信支付确认收到付款时。需要权限 pay:read。 */
  'bill.paid': Bill
  /** 账单已关闭：待付款的账单被关闭时。需要权限 pay:read。 */
  'bill.closed': Bill
  /** 退款成功：微信支付确认退款时；refunded 是至今退款的总额。需要权限 pay:read。 */
  'bill.refunded': Bill
  /** 退款失败：微信支付关闭退款，或退款异常、需要人处理时。需要权限 pay:read。 */
  'bill.refund_failed': Bill
}
