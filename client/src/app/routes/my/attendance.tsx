import { Page } from "@/components/layouts/Page";
import { useMyAttendance } from "@/features/my/api/my";
import { MyAttendanceView } from "@/features/my/components/MyAttendanceView";
import { my as words } from "@/messages/my";

export function Component() {
  const days = useMyAttendance().data?.data.filter((day) => !day.is_cancelled).length;
  return (
    <Page title={words.attendance} subtitle={days ? words.days(days) : undefined} layout="plain">
      <MyAttendanceView />
    </Page>
  );
}
