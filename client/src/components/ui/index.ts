export { Button, ButtonLink, IconButton } from "./Button";
export { Chip, JobBadge, StateBadge, type GradeState, type JobState, type Tone } from "./Chip";
export { classes } from "./classes";
export { DataTable, type Column, type ColumnGroup, type Sort } from "./DataTable";
export { Checkbox, Field, PasswordField, Segmented, Select, TextArea, TextField, type Choice } from "./Field";
export { Icon, type IconName } from "./Icon";
export { Pagination } from "./Pagination";
export { SearchBox } from "./SearchBox";
export {
  EmptyState,
  ErrorState,
  FormError,
  Loading,
  ProgressBar,
  QueryView,
  Skeleton,
  SkeletonRows,
  StaleBanner,
} from "./states";
export { StatusSign, type AttendanceStatus } from "./StatusSign";
export { ToastProvider, useToast, type ToastInit } from "./Toast";
// Dialog, Menu, Tabs, Tooltip and FileDrop are imported from their own files: they bring a library, and the first visit should not.
