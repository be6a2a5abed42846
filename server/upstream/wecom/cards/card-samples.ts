import type { CardType, TemplateCard } from './template-card.ts'

/** A card of each kind, as an application would send it. */
export const sampleCards: { readonly [K in CardType]: TemplateCard & { card_type: K } } = {
  text_notice: {
    card_type: 'text_notice',
    source: { desc: '会议室预订', desc_color: 0 },
    action_menu: {
      desc: '预订操作',
      action_list: [
        { text: '取消预订', key: 'cancel' },
        { text: '延长半小时', key: 'extend' },
      ],
    },
    main_title: { title: '会议室已为你保留', desc: '请在开始前 15 分钟内签到' },
    emphasis_content: { title: '14:00', desc: '今天下午' },
    quote_area: {
      type: 1,
      url: 'https://meeting.example.com/rooms/302',
      title: '第三会议室',
      quote_text: '12 人，有投影和白板',
    },
    sub_title_text: '未签到的预订会自动取消',
    horizontal_content_list: [
      { keyname: '预订人', value: '张三', type: 3, userid: 'zhangsan' },
      { keyname: '时长', value: '1 小时' },
      { type: 1, keyname: '平面图', value: '查看', url: 'https://meeting.example.com/map' },
    ],
    jump_list: [{ type: 1, title: '查看全部预订', url: 'https://meeting.example.com/mine' }],
    card_action: { type: 1, url: 'https://meeting.example.com/bookings/17' },
  },
  news_notice: {
    card_type: 'news_notice',
    source: { desc: '企业文化', desc_color: 1 },
    main_title: { title: '秋季运动会开始报名', desc: '10 月 18 日，市体育中心' },
    card_image: { url: 'https://culture.example.com/sports.png', aspect_ratio: 2.2 },
    image_text_area: {
      type: 1,
      url: 'https://culture.example.com/rules',
      title: '比赛规则',
      desc: '团体赛每队 6 人，个人赛不限',
      image_url: 'https://culture.example.com/rules.png',
    },
    vertical_content_list: [{ title: '报名截止', desc: '10 月 10 日 18:00，以部门为单位' }],
    horizontal_content_list: [{ keyname: '联系人', value: '李四' }],
    jump_list: [{ type: 1, title: '去报名', url: 'https://culture.example.com/enrol' }],
    card_action: { type: 1, url: 'https://culture.example.com/sports' },
  },
  button_interaction: {
    card_type: 'button_interaction',
    source: { desc: '请假审批', desc_color: 2 },
    main_title: { title: '张三申请请假 2 天', desc: '事假，10 月 12 日至 13 日' },
    quote_area: { title: '请假理由', quote_text: '家中有事，工作已交接给王五' },
    sub_title_text: '请在今天 18:00 前处理',
    horizontal_content_list: [
      { keyname: '申请人', value: '张三' },
      { keyname: '剩余年假', value: '5 天' },
    ],
    card_action: { type: 1, url: 'https://oa.example.com/leaves/1024' },
    button_selection: {
      question_key: 'deputy',
      title: '代理人',
      option_list: [
        { id: 'wangwu', text: '王五' },
        { id: 'zhaoliu', text: '赵六' },
      ],
      selected_id: 'wangwu',
    },
    button_list: [
      { text: '同意', style: 1, key: 'agree' },
      { text: '驳回', style: 2, key: 'reject' },
    ],
  },
  vote_interaction: {
    card_type: 'vote_interaction',
    source: { desc: '行政通知', desc_color: 0 },
    main_title: { title: '年会选哪一天？', desc: '可以多选' },
    checkbox: {
      question_key: 'day',
      mode: 1,
      option_list: [
        { id: 'd1', text: '12 月 19 日' },
        { id: 'd2', text: '12 月 20 日', is_checked: true },
        { id: 'd3', text: '12 月 26 日' },
      ],
    },
    submit_button: { text: '提交', key: 'submit' },
  },
  multiple_interaction: {
    card_type: 'multiple_interaction',
    source: { desc: '食堂', desc_color: 3 },
    main_title: { title: '下周订餐', desc: '每餐选一项' },
    select_list: [
      {
        question_key: 'lunch',
        title: '午餐',
        selected_id: 'rice',
        option_list: [
          { id: 'rice', text: '米饭套餐' },
          { id: 'noodle', text: '面食套餐' },
        ],
      },
      {
        question_key: 'dinner',
        title: '晚餐',
        option_list: [
          { id: 'none', text: '不用餐' },
          { id: 'light', text: '轻食' },
        ],
      },
    ],
    submit_button: { text: '提交', key: 'submit' },
  },
}
