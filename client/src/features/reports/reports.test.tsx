import { screen } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { fakeServer } from "@/testing/fake-server";
import { enter, staff } from "@/testing/people";
import { renderAt } from "@/testing/render";
import { battalion, unit } from "@/testing/units";
import { applyJob, type Job } from "./api/reports";
import { ReportForm } from "./components/ReportForm";

beforeEach(() => void enter(staff));

describe("asking for a grade sheet", () => {
  it("offers the companies of the unit tree, and asks for the one chosen", async () => {
    const server = fakeServer({
      "GET /api/v1/units": { body: { data: [battalion(unit("company", "Echo"))] } },
      "POST /api/v1/reports": { status: 202, body: { task_id: "t" } },
    });
    const { user } = renderAt("/reports", <ReportForm terms={[{ value: "4", label: "MS1" }]} term="4" />);
    await user.selectOptions(screen.getByLabelText("Company"), await screen.findByRole("option", { name: "Echo" }));
    await user.click(screen.getByRole("radio", { name: "PDF" }));
    await user.click(screen.getByRole("button", { name: "Make the grade sheet" }));
    await screen.findByText("The grade sheet is being made");
    expect(server.sent("POST /api/v1/reports")[0]?.body).toEqual({
      kind: "grade_sheet",
      term_id: 4,
      format: "pdf",
      company: "Echo",
    });
  });
});

describe("a job's progress", () => {
  const job = { id: "j", kind: "grade_sheet", status: "running", progress: 60, result: null, error: null } as Job;
  const page = { data: [job], page: 1, limit: 20, total: 1, next_cursor: null };
  const after = (progress: number, status: Job["status"] = "running") =>
    applyJob(page, { job_id: "j", status, progress, result: null, error: null }).data[0];

  it("goes on, and is never taken back by an older frame", () => {
    expect(after(80)?.progress).toBe(80);
    expect(after(30)?.progress).toBe(60);
    expect(after(100, "succeeded")?.status).toBe("succeeded");
  });
});
