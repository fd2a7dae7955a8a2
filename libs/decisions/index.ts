export { Actions, ActionView, DecidedView } from './action.dto.ts';
export { Decidable } from './actions.interceptor.ts';
export { actionsOf, type From, type Judged, stepsOf, Takes } from './actions.ts';
export { type ByPerson, RejectionDto } from './by-person.dto.ts';
export { approvedAs, Decided, decidedColumns, decisionOf, IS_DRAFT, type Refusal, refuse } from './decided.ts';
export { Decides } from './decides.ts';
export { type Decision, isToDo, type Step } from './decision.ts';
export { NoteDto } from './note.dto.ts';
