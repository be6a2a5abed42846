// Written by scripts/generate-sdk.ts from the declarations of the calls. Change those instead.
import type { Bill, Department, MemberWithDepartments, OfficialEvent } from './api.ts'

/** 各类事件的 `data` 中除 `corpId` 与 `seq` 之外的内容。· Content of `data` by type, in addition to `corpId` and `seq`. */
export type EventData = {
  /** 成员新增或修改：成员新增、资料或所属部门变化，或进入数据范围时；value 是发送时的资料。需要权限 directory:read。 · A member was added or changed: When a member is added, changes data or departments, or comes into the data scope; value is as of the time of sending. Needs the scope directory:read. */
  'directory.member.put': {
    /** 成员的 userId · userId of the member */
    id: string
    value: MemberWithDepartments
  }
  /** 成员账号变更：企业微信里修改了成员账号时；oldId 是旧账号。需要权限 directory:read。 · A member has another userid: When the userid was changed in WeCom; oldId is the old one. Needs the scope directory:read. */
  'directory.member.rename': {
    /** 成员的 userId · userId of the member */
    id: string
    /** 旧的 userId · The old userId */
    oldId: string
    value: MemberWithDepartments
  }
  /** 成员离开：成员被删除，或离开数据范围时。需要权限 directory:read。 · A member is gone: When a member is deleted, or leaves the data scope. Needs the scope directory:read. */
  'directory.member.drop': {
    /** 成员的 userId · userId of the member */
    id: string
  }
  /** 部门新增或修改：部门新增、改名、移动或排序变化时。需要权限 directory:read。 · A department was added or changed: When a department is added, renamed, moved or ordered anew. Needs the scope directory:read. */
  'directory.department.put': {
    /** 部门 id · Id of the department */
    id: string
    value: Department
  }
  /** 部门删除：部门被删除时。需要权限 directory:read。 · A department is gone: When a department is deleted. Needs the scope directory:read. */
  'directory.department.drop': {
    /** 部门 id · Id of the department */
    id: string
  }
  /** 标签新增或修改：标签新增、改名，或其成员、部门变化时。需要权限 directory:read。 · A tag was added or changed: When a tag is added or renamed, or has other members or departments. Needs the scope directory:read. */
  'directory.tag.put': {
    /** 标签 id · Id of the tag */
    id: string
    value: {
      /** 标签 id · Id of the tag */
      tagId: string
      /** 标签名 · Name of the tag */
      tagName: string
      /** 有此标签的成员 · Members with the tag */
      userIds: string[]
      /** 有此标签的部门 · Departments with the tag */
      orgIds: string[]
    }
  }
  /** 标签删除：标签被删除时。需要权限 directory:read。 · A tag is gone: When a tag is deleted. Needs the scope directory:read. */
  'directory.tag.drop': {
    /** 标签 id · Id of the tag */
    id: string
  }
  /** 需要全量读取：变更可能不完整时：数据范围变了（scope），或要的变更超过 30 天（expired）。请全量读取通讯录。需要权限 directory:read。 · The address book has to be read again: When changes may be missing: the data scope changed (scope), or they are older than 30 days (expired). Read the whole address book. Needs the scope directory:read. */
  'directory.resync': {
    /** scope：数据范围变了；expired：变更已过期 · scope: another data scope; expired: too old */
    reason: 'scope' | 'expired'
  }
  /** 人群成员变化：有成员进入或离开人群时；同一次变更引起的进出合并为一个事件，成员用 group/members 读取。有数据范围的开发者只收到数据范围中的人群。需要权限 directory:read。 · Members of a group changed: When members come into a group or leave it; what one change of the address book brings is one event. Read the members by group/members. A developer with a data scope is told of the groups in it. Needs the scope directory:read. */
  'group.changed': {
    /** 人群 id · Id of the group */
    groupId: string
    /** 人群名称 · Name of the group */
    groupName: string
    /** 变化后的人数 · How many members it has now */
    members: number
    /** 进入的人数 · How many came */
    joined: number
    /** 离开的人数 · How many left */
    left: number
  }
  /** 测试事件：调用 /api/webhook/test、在控制台点击“测试”或执行 wisp webhook test 时立即发送；不能订阅，不重试，seq 为 0。也可以选择另一种事件，发送它在本目录中的示例，webhook-id 以 msg_test_ 开头。 · A test event: At once when /api/webhook/test is called, 测试 is pressed in the console, or by wisp webhook test; nobody can subscribe to it, it is not retried, and its seq is 0. Another type can be chosen too, whose sample in this list is then sent; its webhook-id begins with msg_test_. */
  'webhook.test': {
    /** 订阅 id · Id of the webhook */
    webhookId: string
    /** 固定的文字 · Always the same text */
    message: string
  }
  /** 有新的待办，或重新打开：写入成为待处理时。data 是发送时的内容：在此期间已办或已撤回的，state 为 done 或 withdrawn。需要权限 todo:read。 · A to-do was opened, or opened again: When it is written and open. data is as of sending: when it was done or withdrawn in the meantime, state is done or withdrawn. Needs the scope todo:read. */
  'todo.opened': {
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
  }
  /** 待办已办：应用办结，或本人在工作台点「完成」时。需要权限 todo:read。 · A to-do was done: When the app finished it, or the person did on the workbench. Needs the scope todo:read. */
  'todo.done': {
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
  }
  /** 待办已撤回：应用撤回，或对账时不在清单里。需要权限 todo:read。 · A to-do was withdrawn: When the app withdrew it, or it was not in the list when reconciling. Needs the scope todo:read. */
  'todo.withdrawn': {
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
  }
  /** 待办被本人打开：本人第一次从 wisp 的链接打开时。需要权限 todo:read。 · A to-do was opened by its person: When the person opens it by wisp's link for the first time. Needs the scope todo:read. */
  'todo.read': {
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
  }
  /** 待办超时：截止时间已过而仍待处理时，每个截止时间一次。需要权限 todo:read。 · A to-do is overdue: When its due time passes while it is open, once for each due time. Needs the scope todo:read. */
  'todo.overdue': {
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
  }
  /** 待办换人处理：委托开始或结束，或离职人员的待办移交给别人时；编号和 userId 不变。需要权限 todo:read。 · A to-do changed hands: When a delegation begins or ends, or what a leaver had is passed on; number and userId stay. Needs the scope todo:read. */
  'todo.transferred': {
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
    /** 原来由谁处理的 userId · userId of who had it */
    from: string
    /** 现在由谁处理的 userId · userId of who has it now */
    to: string
  }
  /** 审批有变化：每次提交、同意、驳回、转审、退回、加签、撤销等各一次，同一审批按顺序；催办和备注没有事件。只告诉提交它的开发者，和获准查看该模板全部审批的开发者。需要权限 approval:read。 · An approval changed: Once for each submission, decision, hand-over, return, added approver and withdrawal, those of one approval in order; not for urging and comments. Told to the developer who submitted it, and to those who may see all approvals of the template. Needs the scope approval:read. */
  'approval.changed': {
    /** 审批单号，文字（可能超过 2^53）；自建流程和未知的为空 · Number of the approval, a text since it may pass 2^53; empty for own flows and while it is unknown */
    spNo: string
    /** 自建流程的单号 · Number within an own flow */
    thirdNo: string
    /** 模板 id · Id of the template */
    templateId: string
    /** 模板名称 · Name of the template */
    name: string
    /** 申请人 · Who applied */
    userId: string
    /** 由本开发者提交时的 requestId · requestId, where this developer submitted it */
    requestId: string
    /** submitted 提交；approved 同意；rejected 驳回；transferred 转审或转交；returned 退回给以前的审批人；added 加签；approvedAndAdded 同意并加签；handled 办理；withdrawn 撤销；revoked 通过后撤销；deleted 删除；paid 支付；moved 环节或处理人变化 · submitted, approved, rejected, transferred, returned (to an earlier approver), added (another approver), approvedAndAdded, handled, withdrawn, revoked, deleted, paid; moved: another step, or other people have it */
    action: 'submitted' | 'approved' | 'rejected' | 'transferred' | 'returned' | 'added' | 'approvedAndAdded' | 'handled' | 'withdrawn' | 'revoked' | 'deleted' | 'paid' | 'moved'
    /** 此变化之后审批的状态 · State of the approval after this change */
    status: 'pending' | 'approved' | 'rejected' | 'withdrawn' | 'revoked' | 'deleted' | 'paid'
    /** 环节，从 1 起；提交为 0 · Step, from 1; 0 for the submission */
    step: number
    /** 送达此事件时由谁处理 · Who has the approval at the moment when this event is delivered */
    waitsFor: string[]
    /** 谁；不在数据范围内或企业微信没有说明时为空 · Who did it; empty outside the data scope, or where WeCom does not say */
    by: string
    /** 时间 · When */
    at: string
  }
  /** 成员给应用发了消息：成员给企业微信应用发送文字、图片、语音、视频、位置或链接时；只告诉关联了该应用的开发者，且成员在其数据范围内。位置另需 agent:location。重放的推送编号不变。需要权限 agent:read。 · Somebody wrote to an agent: When a member sends text, a picture, voice, video, a location or a link to a WeCom application; told to developers whose apps are linked to it and whose data scope has the member. Locations take agent:location too. A replayed push keeps its id. Needs the scope agent:read. */
  'agent.message': {
    /** 编号，重放时不变 · Number; the same when it is replayed */
    id: number
    /** 企业微信应用的 AgentId · AgentId of the WeCom application */
    agentId: number
    /** 消息的 MsgType；事件的 Event · MsgType of a message; Event of an event */
    type: string
    /** 谁；企业微信自己的事件为空 · Who did it; empty for events of WeCom itself */
    userId: string
    /** 姓名；不在通讯录中时为空 · Name; empty for who is not in the address book */
    userName: string
    /** 企业微信给出的时间 · The time that WeCom gave */
    at: string
    /** 推送的全部字段，名称同企业微信；数字为字符串 · All fields of the push, named as by WeCom; numbers are strings */
    fields: unknown
  }
  /** 应用里发生了事件：成员进入应用、点菜单、进出可见范围等，或企业微信自己的事件；告诉谁同 agent.message。wisp 发出的卡片被按下时不在这里，见 message.card.pressed；通讯录变更也不在这里。需要权限 agent:read。 · Something happened at an agent: When a member opens the application, uses its menu, enters or leaves its range, or WeCom tells something itself; told to whom agent.message is. Presses of cards that wisp sent are not here but message.card.pressed, nor are changes of the address book. Needs the scope agent:read. */
  'agent.event': {
    /** 编号，重放时不变 · Number; the same when it is replayed */
    id: number
    /** 企业微信应用的 AgentId · AgentId of the WeCom application */
    agentId: number
    /** 消息的 MsgType；事件的 Event · MsgType of a message; Event of an event */
    type: string
    /** 谁；企业微信自己的事件为空 · Who did it; empty for events of WeCom itself */
    userId: string
    /** 姓名；不在通讯录中时为空 · Name; empty for who is not in the address book */
    userName: string
    /** 企业微信给出的时间 · The time that WeCom gave */
    at: string
    /** 推送的全部字段，名称同企业微信；数字为字符串 · All fields of the push, named as by WeCom; numbers are strings */
    fields: unknown
  }
  /** 公众号推送：粉丝给公众号发消息、关注、点菜单，或微信报告群发等结果时；只告诉可以使用该公众号的开发者，重放的推送编号不变。需要权限 official:read。 · A push of an official account: When a follower writes, follows or uses the menu, or WeChat reports a result; told to developers who may use the account. A replayed push keeps its id. Needs the scope official:read. */
  'official.event': OfficialEvent
  /** 消息有了结果：消息送达、部分失败、失败、撤回，或短信有了回执时；同一消息可能有多次，以最后一次为准。failed 最多 100 个，其余用 /api/message/status 查询。 · Something became of a message: When a message is sent, fails in part or whole, is recalled, or a receipt came; a message can have several, of which the last counts. failed has at most 100; /api/message/status has the rest. */
  'message.result': {
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
    /** 没有收到的成员，最多 1000 个 · Members who did not get it, at most 1000 */
    failed: {
      /** 用户 id · Id of the member */
      userId: string
      /** 原因 · Why */
      reason: string
      /** failed 发送失败；unknown 无法确认是否送达 · failed; unknown: nobody knows whether it arrived */
      state: 'failed' | 'unknown'
    }[]
    /** 发送时的 requestId · The requestId of the send */
    requestId: string
  }
  /** 有人读了消息：接收人登录后在工作台打开消息时，每人每条消息一次；数据范围之外的成员不通知。在企业微信、短信中看到消息不产生此事件。 · Somebody read a message: When a receiver, signed in, opens the message on the portal or the phone, once for each person and message; not for members outside the data scope. Seeing it in WeCom or as an SMS is not reported. */
  'message.read': {
    /** 消息 id · Id of the message */
    msgId: string
    /** 发送时的 requestId，没有则为空 · The requestId of the send; empty without one */
    requestId: string
    /** 成员 · The member */
    userId: string
    /** 时间，ISO 8601 · When, ISO 8601 */
    at: string
  }
  /** 有人确认收到消息：接收人在卡片或工作台点「收到」时，每人每条消息一次；数据范围之外的成员不通知。 · Somebody acknowledged a message: When a receiver presses 收到 (received) on the card, the portal or the phone, once for each person and message; not for members outside the data scope. */
  'message.acknowledged': {
    /** 消息 id · Id of the message */
    msgId: string
    /** 发送时的 requestId，没有则为空 · The requestId of the send; empty without one */
    requestId: string
    /** 成员 · The member */
    userId: string
    /** 时间，ISO 8601 · When, ISO 8601 */
    at: string
  }
  /** 外部人员结束：外部人员到期、被结束，或确认成为成员时；须有权限 directory:external。memberUserId 不为空时，此人今后使用该成员账号，30 天内旧账号仍指此人。需要权限 directory:external。 · Somebody from outside WeCom ended: When the end of somebody from outside WeCom came, an administrator ended them, or they became a member; needs the scope directory:external. With memberUserId the person has that userid from now on; the old one stands for them for 30 days. Needs the scope directory:external. */
  'external.ended': {
    /** 外部人员的账号 · Userid of the person from outside */
    userId: string
    /** 成为成员后的账号，否则为空 · The userid as a member, if they became one; else empty */
    memberUserId: string
  }
  /** 有人回答了卡片：成员点击按钮、提交选择或投票时，每次点击只通知一次；数据范围之外的成员不通知。accepted 为 false 表示 firstPressWins 的卡片已由他人先回答。 · Somebody answered a card: When a member presses a button or submits a choice or vote, once for each press; not for members outside the data scope. accepted is false when somebody had answered a card with firstPressWins before. */
  'message.card.pressed': {
    /** 消息 id；对提醒的回答记在原消息上 · Id of the message; answers to a reminder belong to the message that it reminds of */
    msgId: string
    /** 发送时的 requestId，没有则为空 · The requestId of the send; empty without one */
    requestId: string
    /** 点击的成员 · Who pressed */
    userId: string
    /** 按钮、提交按钮或菜单项的 key · Key of the button, the submit button or the line of the menu */
    key: string
    /** 卡片类型 · Kind of the card */
    cardType: string
    /** 所选的选项 · What was chosen */
    selected: {
      /** 问题的 question_key · question_key of the question */
      questionKey: string
      /** 所选选项的 id · Ids of the options that were chosen */
      optionIds: string[]
    }[]
    /** 是否有效 · Whether it counts */
    accepted: boolean
    /** 点击的时间 · When it was pressed */
    at: string
  }
  /** 有人使用了卡片右上角的菜单：成员点击 action_menu 的一项时，每次点击只通知一次。 · Somebody used the menu in the corner of a card: When a member presses a line of action_menu, once for each press. */
  'message.card.menu': {
    /** 消息 id；对提醒的回答记在原消息上 · Id of the message; answers to a reminder belong to the message that it reminds of */
    msgId: string
    /** 发送时的 requestId，没有则为空 · The requestId of the send; empty without one */
    requestId: string
    /** 点击的成员 · Who pressed */
    userId: string
    /** 按钮、提交按钮或菜单项的 key · Key of the button, the submit button or the line of the menu */
    key: string
    /** 卡片类型 · Kind of the card */
    cardType: string
    /** 点击的时间 · When it was pressed */
    at: string
  }
  /** 账单已付款：微信支付确认收到付款时。需要权限 pay:read。 · A bill was paid: When WeChat Pay has confirmed the payment. Needs the scope pay:read. */
  'bill.paid': Bill
  /** 账单已关闭：待付款的账单被关闭时。需要权限 pay:read。 · A bill was closed: When a bill that was not paid is closed. Needs the scope pay:read. */
  'bill.closed': Bill
  /** 退款成功：微信支付确认退款时；refunded 是至今退款的总额。需要权限 pay:read。 · A refund succeeded: When WeChat Pay has confirmed a refund; refunded is the sum so far. Needs the scope pay:read. */
  'bill.refunded': Bill
  /** 退款失败：微信支付关闭退款，或退款异常、需要人处理时。需要权限 pay:read。 · A refund failed: When WeChat Pay closed a refund, or it is abnormal and needs a person. Needs the scope pay:read. */
  'bill.refund_failed': Bill
}
